/**
 * The ring on which memcached clients place keys, rebuilt exactly so that replicas go where a client looks next.
 * It uses nothing but the JDK, so it can ship to clients alone. Read {@link io.karst.ring.KetamaRing} first.
 */
@NullMarked
package io.karst.ring;

import org.jspecify.annotations.NullMarked;
