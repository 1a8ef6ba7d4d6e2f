/* Landlock's system calls and rights (linux/landlock.h), for landlock.c: headers may be older. */
#ifndef ROLEGATE_LANDLOCK_CALLS_H
#define ROLEGATE_LANDLOCK_CALLS_H

#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	LANDLOCK_EXECUTE = 1 << 0,
	LANDLOCK_WRITE_FILE = 1 << 1,
	LANDLOCK_READ_FILE = 1 << 2,
	LANDLOCK_READ_DIR = 1 << 3,
	LANDLOCK_REMOVE_DIR = 1 << 4,
	LANDLOCK_REMOVE_FILE = 1 << 5,
	LANDLOCK_MAKE_CHAR = 1 << 6,
	LANDLOCK_MAKE_DIR = 1 << 7,
	LANDLOCK_MAKE_REG = 1 << 8,
	LANDLOCK_MAKE_SOCK = 1 << 9,
	LANDLOCK_MAKE_FIFO = 1 << 10,
	LANDLOCK_MAKE_BLOCK = 1 << 11,
	LANDLOCK_MAKE_SYM = 1 << 12,
	LANDLOCK_REFER = 1 << 13,     /* ABI 2 */
	LANDLOCK_TRUNCATE = 1 << 14,  /* ABI 3 */
	LANDLOCK_IOCTL_DEV = 1 << 15, /* ABI 5 */
};

enum { LANDLOCK_PATH_BENEATH = 1, LANDLOCK_VERSION = 1 };
enum { LANDLOCK_ABSTRACT_SOCKETS = 1 << 0, LANDLOCK_SIGNALS = 1 << 1 }; /* ABI 6 */

struct landlock_rules {
	uint64_t files;
	uint64_t network; /* ABI 4 */
	uint64_t scopes;  /* ABI 6 */
};

struct landlock_beneath {
	uint64_t allowed;
	int32_t parent;
} __attribute__((packed));

/* `size` is that of the struct as the kernel's version of the interface knows it. */
static inline int landlock_create(const struct landlock_rules *rules, size_t size, unsigned flags)
{
	return (int)syscall(SYS_landlock_create_ruleset, rules, size, flags);
}

static inline int landlock_allow(int ruleset, const struct landlock_beneath *rule)
{
	return (int)syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_PATH_BENEATH, rule, 0);
}

static inline int landlock_restrict(int ruleset)
{
	return (int)syscall(SYS_landlock_restrict_self, ruleset, 0);
}

#endif
