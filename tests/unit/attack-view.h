/* An attack from inside a view of the file system: in a process of its own that has entered it. */
#ifndef ROLEGATE_ATTACK_VIEW_H
#define ROLEGATE_ATTACK_VIEW_H

#include <sys/types.h>

#include "attack.h"

/*
 * The attack's own status: 0, or 1 and the line that it got past on stderr; or one of ATTACK_NOT_….
 * As ATTACK_ACCOUNT unless `uid` is 0.
 */
int attack_as(uid_t uid, const struct restriction *restriction, int (*attack)(void));
int attack_in(const struct restriction *restriction, int (*attack)(void));
/* 0 when view_enter() fails with `error`. */
int attack_fails_to_enter(const struct restriction *restriction, int error);

#endif
