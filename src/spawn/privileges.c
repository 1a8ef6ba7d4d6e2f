/*
 * Capabilities and no_new_privs. An account other than root gets no capability and no way to one;
 * root keeps what the gateway's bounding set leaves it.
 */
#include "spawn/steps.h"

#include <errno.h>
#include <linux/securebits.h>
#include <sys/capability.h>
#include <sys/prctl.h>

static bool is_root(const struct child *child)
{
	return child->spawn->account->uid == 0;
}

/* While the ids are still root's: it takes CAP_SETPCAP. Up to the first unknown number. */
int step_bounding_set(struct child *child)
{
	if (prctl(PR_GET_SECUREBITS, 0, 0, 0, 0) != SECUREBITS_DEFAULT &&
		prctl(PR_SET_SECUREBITS, SECUREBITS_DEFAULT, 0, 0, 0) < 0)
		return -1;
	for (cap_value_t number = 0; !is_root(child); number++) {
		int present = cap_get_bound(number);

		if (present < 0)
			break;
		if (present > 0 && cap_drop_bound(number) < 0)
			return -1;
	}
	return 0;
}

bool holds_bounding_set(const struct child *child)
{
	cap_value_t number = 0;
	int present = cap_get_bound(number);

	if (prctl(PR_GET_SECUREBITS, 0, 0, 0, 0) != SECUREBITS_DEFAULT || present < 0)
		return false;
	for (; present >= 0; present = cap_get_bound(++number))
		if (present > 0 && !is_root(child))
			return false;
	return true;
}

int step_capabilities(struct child *child)
{
	cap_t set = cap_get_proc();
	int result = -1;

	if (set == NULL)
		return -1;
	if (is_root(child) ? cap_clear_flag(set, CAP_INHERITABLE) == 0 : cap_clear(set) == 0)
		result = cap_set_proc(set);
	cap_free(set);
	return result < 0 ? -1 : cap_reset_ambient();
}

static bool is_empty(cap_t set, cap_flag_t flag)
{
	cap_flag_value_t value;

	for (cap_value_t number = 0; cap_get_flag(set, number, flag, &value) == 0; number++)
		if (value != CAP_CLEAR)
			return false;
	return true;
}

static bool no_ambient(void)
{
	for (cap_value_t number = 0; number < cap_max_bits(); number++)
		if (cap_get_ambient(number) != 0)
			return false;
	return true;
}

bool holds_capabilities(const struct child *child)
{
	cap_t set = cap_get_proc();
	bool right;

	if (set == NULL)
		return false;
	right = is_empty(set, CAP_INHERITABLE) &&
		(is_root(child) || (is_empty(set, CAP_PERMITTED) && is_empty(set, CAP_EFFECTIVE)));
	cap_free(set);
	return right && no_ambient();
}

/* No setuid program, file capability or transition gives anything back, for root neither. */
int step_no_new_privs(struct child *child)
{
	(void)child;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

bool holds_no_new_privs(const struct child *child)
{
	(void)child;
	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
}
