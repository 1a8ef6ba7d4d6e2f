/*
 * The built-in validators and a parameter's own checks. Pure and syntactic: `user` says what may
 * be a user's name, not that there is such a user.
 *
 * Built in: hostname (RFC 1123), ip-address (v4 or v6, as inet_pton(3)), cidr, port (1-65535),
 * email (addr-spec without quoting or comments, RFC 5321 lengths), user, group, systemd-unit
 * (systemd.unit(5)), file-name (one path component), absolute-path (canonical), uuid (RFC 9562
 * text form), date (YYYY-MM-DD, a real day), identifier ([A-Za-z_][A-Za-z0-9_]*), printable-text
 * (no control, no line end, no bidirectional control), none (nothing but R2). The last two look
 * at each line of a text by itself. A configuration adds validators of its own, which are a
 * pattern and a message.
 */
#ifndef ROLEGATE_VALIDATE_H
#define ROLEGATE_VALIDATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "policy/policy.h"

struct validator {
	const char *name;
	const char *expected; /* "a host name, such as web1.example.org" */
	bool (*accepts)(const char *value, size_t length);
	const struct pattern *pattern; /* of the configuration's own, instead; else NULL */
};

/* NULL when there is none of that name. */
const struct validator *validator_find(const char *name);
/* All of them, the last one's name NULL; for messages, completions and documentation tests. */
const struct validator *validator_list(void);

/*
 * Whether `value` is one that `parameter` declares: type, validator, pattern, choices, bounds,
 * under, length, leading '-'. NULL when it is, else what was expected, in `arena`: the parameter's
 * own message where it has one. A secret value is not repeated in it.
 */
const char *validate_value(struct arena *arena, const struct parameter *parameter, const char *value);

/* Whether the validator takes `value`; `lines`: each line of it by itself. */
enum pattern_result validator_accepts(
	const struct validator *validator, const char *value, size_t length, bool lines);

/* "a whole number from 1 to 10", for a parameter of that type. */
const char *validate_integer_range(struct arena *arena, const struct parameter *parameter);

#endif
