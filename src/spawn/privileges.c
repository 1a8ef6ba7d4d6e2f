/*
 * Capabilities and no_new_privs. An account other than root gets those of its profile, as ambient
 * ones (capabilities(7)), and no way to another; root gets no more than its bounding set, which is
 * those of its profile, or what the gateway itself acts with.
 */
#include "spawn/steps.h"

#include <errno.h>
#include <linux/securebits.h>
#include <sys/capability.h>
#include <sys/prctl.h>

#include "confine/view.h"

/* Root means nothing to an account that keeps some, and nothing of that can be changed. */
#define SECUREBITS_ACCOUNT                                                                         \
	(SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP_LOCKED |                    \
		SECBIT_KEEP_CAPS_LOCKED | SECBIT_NO_CAP_AMBIENT_RAISE |                            \
		SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED)

enum { CAPABILITIES_MAX = 64 };

static bool is_root(const struct child *child)
{
	return child->spawn->account->uid == 0;
}

static uint64_t bit(cap_value_t number)
{
	return (uint64_t)1 << number;
}

static bool keeps(const struct child *child, cap_value_t number)
{
	return number < CAPABILITIES_MAX && (child->capabilities & bit(number)) != 0;
}

/* What this process acts with; what it holds for some profiles alone, it does not. */
static uint64_t effective(void)
{
	cap_t set = cap_get_proc();
	cap_flag_value_t value;
	uint64_t bits = 0;

	for (cap_value_t number = 0; set != NULL && number < CAPABILITIES_MAX; number++)
		if (cap_get_flag(set, number, CAP_EFFECTIVE, &value) == 0 && value == CAP_SET)
			bits |= bit(number);
	cap_free(set);
	return bits;
}

uint64_t privileges_kept(const struct spawn *spawn)
{
	const struct restriction *restriction = &spawn->confinement->restriction;
	uint64_t kept = 0;

	if (restriction->has[RESTRICT_CAPABILITIES])
		kept = restriction->capabilities;
	else if (spawn->account->uid == 0)
		kept = effective() & ~bit(CAP_SYS_ADMIN);
	/* With them /proc/PID/root and file handles lead out of a view, and past an overlay. */
	if (!restriction->has[RESTRICT_CAPABILITIES] &&
		(spawn->transaction != NULL || view_is_needed(restriction, spawn->support)))
		kept &= ~(bit(CAP_SYS_PTRACE) | bit(CAP_DAC_READ_SEARCH));
	/* With it the limit of open files, on which exec-once rests, is none. */
	if (restriction->has[RESTRICT_EXECUTE] && restriction->execute != EXECUTE_ANY)
		kept &= ~bit(CAP_SYS_RESOURCE);
	return kept;
}

/* Until the step "capabilities": the change of ids leaves an account what it had. */
static int securebits_before_ids(const struct child *child)
{
	return is_root(child) ? SECUREBITS_DEFAULT : SECBIT_KEEP_CAPS;
}

/* While the ids are still root's: it takes CAP_SETPCAP. Up to the first unknown number. */
int step_bounding_set(struct child *child)
{
	int wanted = securebits_before_ids(child);

	if (prctl(PR_GET_SECUREBITS, 0, 0, 0, 0) != wanted &&
		prctl(PR_SET_SECUREBITS, wanted, 0, 0, 0) < 0)
		return -1;
	for (cap_value_t number = 0;; number++) {
		int present = cap_get_bound(number);

		if (present < 0)
			return 0;
		if (present > 0 && !keeps(child, number) && cap_drop_bound(number) < 0)
			return -1;
	}
}

/* What is to be kept need not be there: root gets what there is. An account's is looked at later.
 */
bool holds_bounding_set(const struct child *child)
{
	cap_value_t number = 0;
	int present = cap_get_bound(number);

	if (prctl(PR_GET_SECUREBITS, 0, 0, 0, 0) != securebits_before_ids(child) || present < 0)
		return false;
	for (; present >= 0; present = cap_get_bound(++number))
		if (present > 0 && !keeps(child, number))
			return false;
	return true;
}

/* `flags` of `set` become what the program keeps. */
static int fill(cap_t set, const struct child *child, const cap_flag_t *flags, size_t count)
{
	for (cap_value_t number = 0; number < cap_max_bits(); number++)
		for (size_t i = 0; keeps(child, number) && i < count; i++)
			if (cap_set_flag(set, flags[i], 1, &number, CAP_SET) < 0)
				return -1;
	return 0;
}

/* Permitted and effective, and inheritable if ambient ones are to come; `also` too if it is none.
 */
static int set_process(const struct child *child, cap_value_t also)
{
	static const cap_flag_t flags[] = {CAP_PERMITTED, CAP_EFFECTIVE, CAP_INHERITABLE};
	cap_t set = cap_init();
	int result = -1;

	if (set == NULL)
		return -1;
	if (fill(set, child, flags, is_root(child) ? 2 : 3) == 0 &&
		(also < 0 || (cap_set_flag(set, CAP_PERMITTED, 1, &also, CAP_SET) == 0 &&
				     cap_set_flag(set, CAP_EFFECTIVE, 1, &also, CAP_SET) == 0)))
		result = cap_set_proc(set);
	cap_free(set);
	return result;
}

static int raise_ambient(const struct child *child)
{
	for (cap_value_t number = 0; number < cap_max_bits(); number++)
		if (keeps(child, number) && cap_set_ambient(number, CAP_SET) < 0)
			return -1;
	return 0;
}

int step_capabilities(struct child *child)
{
	if (cap_reset_ambient() < 0)
		return -1;
	if (is_root(child))
		return set_process(child, -1);
	if (set_process(child, CAP_SETPCAP) < 0 || raise_ambient(child) < 0 ||
		prctl(PR_SET_SECUREBITS, SECUREBITS_ACCOUNT, 0, 0, 0) < 0)
		return -1;
	return set_process(child, -1);
}

static bool is_as_kept(const struct child *child, cap_t set, cap_flag_t flag)
{
	cap_flag_value_t value;

	for (cap_value_t number = 0; cap_get_flag(set, number, flag, &value) == 0; number++)
		if ((value == CAP_SET) != keeps(child, number))
			return false;
	return true;
}

static bool ambient_is_right(const struct child *child)
{
	for (cap_value_t number = 0; number < cap_max_bits(); number++) {
		bool wanted = !is_root(child) && keeps(child, number);

		if ((cap_get_ambient(number) > 0) != wanted)
			return false;
	}
	return true;
}

static bool inherits_nothing(cap_t set)
{
	cap_flag_value_t value;

	for (cap_value_t number = 0; cap_get_flag(set, number, CAP_INHERITABLE, &value) == 0;
		number++)
		if (value != CAP_CLEAR)
			return false;
	return true;
}

bool holds_capabilities(const struct child *child)
{
	int securebits = is_root(child) ? SECUREBITS_DEFAULT : SECUREBITS_ACCOUNT;
	cap_t set = cap_get_proc();
	bool right;

	if (set == NULL)
		return false;
	right = is_as_kept(child, set, CAP_PERMITTED) && is_as_kept(child, set, CAP_EFFECTIVE) &&
		(is_root(child) ? inherits_nothing(set) : is_as_kept(child, set, CAP_INHERITABLE));
	cap_free(set);
	return right && ambient_is_right(child) &&
	       prctl(PR_GET_SECUREBITS, 0, 0, 0, 0) == securebits;
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
