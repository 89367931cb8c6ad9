package io.karst.appliance.witness;

import io.karst.protocol.transcript.Witness;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** A witness whose answers are kept. */
final class RecordingWitness implements Witness {
    private final Witness witness;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();

    RecordingWitness(Witness witness) {
        this.witness = witness;
    }

    byte[] received() {
        return received.toByteArray();
    }

    @Override
    public String name() {
        return witness.name();
    }

    @Override
    public void send(byte[] bytes) throws IOException {
        witness.send(bytes);
    }

    @Override
    public byte[] receive(int length) throws IOException {
        byte[] bytes = witness.receive(length);
        received.writeBytes(bytes);
        return bytes;
    }

    @Override
    public boolean isClosed() throws IOException {
        return witness.isClosed();
    }

    @Override
    public void advance(int seconds) throws IOException {
        witness.advance(seconds);
    }

    @Override
    public void close() throws IOException {
        try (witness) {
            received.reset();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }
}
