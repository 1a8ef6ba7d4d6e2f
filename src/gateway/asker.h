/* The name of whoever asks by rolegatectl or a signal, for a record. */
#ifndef ROLEGATE_ASKER_H
#define ROLEGATE_ASKER_H

#include "gateway/peer.h"

/*
 * The login's name, or the account's where there is no login: what audit calls acct=. In `arena`;
 * NULL where name services have none, or not within two seconds, or nobody asks: uid is
 * (uid_t)-1. Not for the listener, which waits for no name service.
 */
const char *asker_name(struct arena *arena, const struct peer *peer);

#endif
