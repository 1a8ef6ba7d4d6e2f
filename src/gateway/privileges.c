#include "gateway/privileges.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/strings.h"
#include "confine/filter.h"
#include "gateway/activation.h"
#include "record/record.h"

/* A program that runs as root gets no more than these either. */
static const struct needed {
	cap_value_t capability;
	bool essential;
} needed[] = {
	{ CAP_SETUID, true },	       /* the program's ids */
	{ CAP_SETGID, true },	       /* and groups */
	{ CAP_SETPCAP, true },	       /* its bounding set */
	{ CAP_KILL, true },	       /* ending it */
	{ CAP_CHOWN, true },	       /* its terminal */
	{ CAP_FOWNER, true },	       /* and that one's mode */
	{ CAP_DAC_OVERRIDE, true },    /* PAM modules, and files of programs that run as root */
	{ CAP_AUDIT_WRITE, false },    /* records */
	{ CAP_AUDIT_CONTROL, false },  /* whether the kernel takes them */
	{ CAP_FSETID, false },	       /* setgid directories of transactions */
	{ CAP_SYS_RESOURCE, false },   /* limits, OOM score */
	{ CAP_SYS_ADMIN, false },      /* views of the file system, overlays: never a program's */
	{ CAP_SYS_NICE, false },       /* scheduling */
	{ CAP_DAC_READ_SEARCH, false }, /* PAM modules */
	{ CAP_SYS_PTRACE, false },     /* peers in /proc where hidepid= hides them */
};

enum { OPEN_FILES = 8192 /* more than the number of a program's descriptor: confine/filter.h */ };

enum { NEEDED_COUNT = sizeof(needed) / sizeof(needed[0]) };

const char *privileges_complaint(bool *has_login_uid)
{
	uid_t login_uid = (uid_t)-1;

	if (getuid() != 0 || geteuid() != 0)
		return "only root can start the gateway";
	*has_login_uid = record_get_login_uid(&login_uid) == 0;
	if (login_uid == (uid_t)-1)
		return NULL;
	return "the login uid of this process is set, so that every record would name whoever "
	       "started it; let the init system start it (systemctl start rolegated, or an entry "
	       "of inittab), not a login session";
}

int privileges_close(int keep)
{
	int fd;

	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
		return -1;
	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= 2);
	if (fd < 0)
		return -1;
	close(fd);
	return close_range((unsigned)(ACTIVATION_FIRST + keep), ~0U, 0);
}

void privileges_clear_environment(void)
{
	static const char *const kept[] = { "NOTIFY_SOCKET", "JOURNAL_STREAM",
#ifdef FAULT_INJECTION
		"ROLEGATE_TEST_FAULT",
#endif
	};
	enum { COUNT = sizeof(kept) / sizeof(kept[0]) };
	char *values[COUNT];

	for (size_t i = 0; i < COUNT; i++) {
		const char *value = getenv(kept[i]);

		values[i] = value == NULL ? NULL : strdup(value);
	}
	clearenv();
	for (size_t i = 0; i < COUNT; i++) {
		if (values[i] != NULL)
			setenv(kept[i], values[i], 1);
		free(values[i]);
	}
	setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
}

static bool is_needed(cap_value_t capability)
{
	for (size_t i = 0; i < NEEDED_COUNT; i++)
		if (needed[i].capability == capability)
			return true;
	return false;
}

static bool has(cap_t set, cap_value_t capability, cap_flag_t kind)
{
	cap_flag_value_t value = CAP_CLEAR;

	return cap_get_flag(set, capability, kind, &value) == 0 && value == CAP_SET;
}

static bool is_in(uint64_t bits, cap_value_t capability)
{
	return capability < 64 && (bits >> capability & 1) != 0;
}

static const char *trim_bounding_set(struct arena *arena, uint64_t spare)
{
	for (cap_value_t i = 0; i < cap_max_bits(); i++) {
		if (is_needed(i) || is_in(spare, i) || cap_get_bound(i) != 1)
			continue;
		if (cap_drop_bound(i) != 0 || cap_get_bound(i) != 0)
			return arena_printf(arena, "capability %d stays in the bounding set: %s", i,
				strerror(errno));
	}
	return NULL;
}

/* What is there of what programs may be given: held, but not acted with. */
static int add_spare(cap_t now, cap_t wanted, uint64_t spare)
{
	for (cap_value_t i = 0; i < cap_max_bits(); i++)
		if (is_in(spare, i) && has(now, i, CAP_PERMITTED) && cap_get_bound(i) == 1 &&
			cap_set_flag(wanted, CAP_PERMITTED, 1, &i, CAP_SET) != 0)
			return -1;
	return 0;
}

/* The set to have: what is needed and there. NULL with *complaint if something essential is not. */
static cap_t choose(struct arena *arena, uint64_t spare, const char **complaint)
{
	cap_t now = cap_get_proc(), wanted = cap_init();

	for (size_t i = 0; i < NEEDED_COUNT && *complaint == NULL; i++) {
		cap_value_t capability = needed[i].capability;

		if (!has(now, capability, CAP_PERMITTED) || cap_get_bound(capability) != 1) {
			if (needed[i].essential)
				*complaint = arena_printf(arena,
					"capability %d is needed and missing", capability);
			continue;
		}
		if (cap_set_flag(wanted, CAP_PERMITTED, 1, &capability, CAP_SET) != 0 ||
			cap_set_flag(wanted, CAP_EFFECTIVE, 1, &capability, CAP_SET) != 0)
			*complaint = "libcap does not know a capability";
	}
	if (*complaint == NULL && add_spare(now, wanted, spare) != 0)
		*complaint = "libcap does not know a capability";
	cap_free(now);
	if (*complaint == NULL)
		return wanted;
	cap_free(wanted);
	return NULL;
}

const char *privileges_trim(struct arena *arena, uint64_t spare)
{
	const char *complaint = trim_bounding_set(arena, spare);
	cap_t wanted, now;

	if (complaint != NULL || (wanted = choose(arena, spare, &complaint)) == NULL)
		return complaint;
	(void)cap_reset_ambient();
	if (cap_set_proc(wanted) != 0)
		complaint = arena_printf(arena, "capabilities: %s", strerror(errno));
	now = cap_get_proc();
	if (complaint == NULL && (now == NULL || cap_compare(now, wanted) != 0))
		complaint = "capabilities do not read back as they were set";
	cap_free(now);
	cap_free(wanted);
	return complaint;
}

const char *privileges_make_room(struct arena *arena)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return arena_printf(arena, "RLIMIT_NOFILE: %s", strerror(errno));
	if (limit.rlim_max > FILTER_PROGRAM)
		return NULL;
	limit.rlim_max = OPEN_FILES;
	if (setrlimit(RLIMIT_NOFILE, &limit) == 0)
		return NULL;
	return arena_printf(arena,
		"the hard limit of open files (RLIMIT_NOFILE) is not above %d, and can't be "
		"raised: %s; let the init system start the gateway with a higher one "
		"(LimitNOFILE=%d)",
		FILTER_PROGRAM, strerror(errno), OPEN_FILES);
}

uint64_t privileges_permitted(void)
{
	cap_t now = cap_get_proc();
	uint64_t bits = 0;

	for (cap_value_t i = 0; now != NULL && i < 64; i++)
		if (has(now, i, CAP_PERMITTED))
			bits |= (uint64_t)1 << i;
	cap_free(now);
	return bits;
}

char *privileges_held(struct arena *arena)
{
	struct strings names = { .count = 0 };
	cap_t now = cap_get_proc();

	for (cap_value_t i = 0; now != NULL && i < cap_max_bits(); i++) {
		char *name = has(now, i, CAP_PERMITTED) ? cap_to_name(i) : NULL;

		if (name != NULL)
			strings_add(arena, &names, arena_strdup(arena, name));
		cap_free(name);
	}
	cap_free(now);
	return strings_join(arena, &names, ", ");
}
