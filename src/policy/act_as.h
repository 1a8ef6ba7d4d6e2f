/*
 * Acting as somebody else (after Grouper's limited actAs): members of a group of an endpoint may
 * use some commands with another person's roles. Nothing of that person's account is used. Pure.
 */
#ifndef ROLEGATE_ACT_AS_H
#define ROLEGATE_ACT_AS_H

#include "policy/roles.h"

/* Whether an entry of the endpoint names a group of `groups`: who has no role may act as who has.
 */
bool act_as_is_open(const struct endpoint *endpoint, const struct strings *groups);

/*
 * Appended to `commands`: the names, with '*', that an operator of these groups may call as `user`.
 * None: not at all, whoever that is.
 */
void act_as_commands(struct arena *arena, const struct endpoint *endpoint,
	const struct strings *groups, const char *user, struct strings *commands);

#endif
