/**
 * Recorded conversations with a memcached server, and the witnesses that they can be played to: the decoder, our server
 * over a socket, real memcached. {@link io.karst.protocol.transcript.Transcript} says what the files look like.
 */
@NullMarked
package io.karst.protocol.transcript;

import org.jspecify.annotations.NullMarked;
