/*
 * Restriction profiles (design, section 6): what narrows a run, whatever roles widen. Pure.
 *
 * A restriction leaves open what it does not say (`has` is false). Several that apply to one run
 * are intersected field by field, the most restrictive wins, and the result remembers which
 * profile said so. All of it lives in the policy's arena and is never changed after the load.
 */
#ifndef ROLEGATE_RESTRICTION_H
#define ROLEGATE_RESTRICTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/strings.h"
#include "policy/source.h"

/* In the order in which they are shown. */
enum restriction_field {
	RESTRICT_EXECUTE,
	RESTRICT_NETWORK,
	RESTRICT_READ,
	RESTRICT_WRITE,
	RESTRICT_HIDDEN,
	RESTRICT_PROTECTED,
	RESTRICT_PROC,
	RESTRICT_TMP,
	RESTRICT_CAPABILITIES,
	RESTRICT_SYSTEM_CALLS,
	RESTRICT_PROCESSES,
	RESTRICT_MEMORY,
	RESTRICT_CPU_SECONDS,
	RESTRICT_CPU_PERCENT,
	RESTRICT_FILE_SIZE,
	RESTRICT_OPEN_FILES,
	RESTRICT_SECONDS,
	RESTRICT_BLOCKED,
	RESTRICT_ALLOWED,
	RESTRICT_CLASSES,
	RESTRICT_AUDIT,
	RESTRICT_COUNT
};

/* The smaller number is the stricter one. */
enum restrict_execute {
	EXECUTE_NONE = 0, /* the program may start no other program */
	EXECUTE_LISTED,	  /* only execute_paths, and what these need to load */
	EXECUTE_ANY,
};

enum restrict_network {
	NETWORK_NONE = 0, /* no socket of any family but connected pairs */
	NETWORK_LOCAL,	  /* AF_UNIX and AF_NETLINK */
	NETWORK_ANY,
};

/* What a command does by its own definition, `class`; bits of restriction.classes. */
enum command_class {
	CLASS_UNKNOWN = 0, /* not said: as if elevated */
	CLASS_READ_ONLY = 1 << 0,
	CLASS_WRITE_CAPABLE = 1 << 1,
	CLASS_ELEVATED = 1 << 2,
};

/* A profile that had a say in one field. */
struct restriction_origin {
	const char *profile;
	struct source source;
};

struct restriction_origins {
	struct restriction_origin *items;
	size_t count;
};

/*
 * What the gateway gives a drive's server instead of the host's files: one directory, under a name
 * of its own, and what the program is loaded with. Never of a profile, and so never intersected.
 */
struct restriction_cell {
	const char *directory; /* absolute, on the host */
	int tree;	       /* the mount of it that goes there, which nobody else has */
	const char *place;     /* what it is called inside: "/drive" */
	const char *passwd;    /* the text of /etc/passwd inside */
};

struct restriction {
	bool has[RESTRICT_COUNT];
	struct restriction_origins origins[RESTRICT_COUNT];

	enum restrict_execute execute;
	struct strings execute_paths; /* EXECUTE_LISTED: absolute, sorted */
	enum restrict_network network;

	/*
	 * Absolute, canonical paths; a directory stands for all below it. What is in `hidden` is
	 * neither read nor written, whatever the others say; what is in `write` may be read too.
	 * Devices that every program may use (/dev/null, its terminal, …) are no part of this.
	 */
	struct strings read, write, hidden;
	/*
	 * Within `read` and `write`, the areas of the person's roles alone: decide() fills them in
	 * and takes this back. Nothing runs under a restriction in which it still stands.
	 */
	bool providers;
	struct strings protected_names; /* in writable areas: ".*", "*.key": never written; sorted */
	bool own_proc;			/* /proc shows the account's own processes alone */
	bool own_tmp;			/* /tmp and /var/tmp are empty, and gone afterwards */

	const struct restriction_cell *cell; /* NULL: the host's files */

	uint64_t capabilities;	     /* bit N: capability N is kept */
	struct strings denied_calls; /* names of system calls, sets expanded, sorted */
	struct strings denied_names; /* the same to be shown: sets by their names; sorted */

	/* Indexed by field, RESTRICT_PROCESSES to RESTRICT_SECONDS: count, bytes, seconds, percent. */
	uint64_t limits[RESTRICT_COUNT];

	struct strings blocked;	 /* names of commands, may hold '*'; sorted */
	struct strings *allowed; /* one list for each profile that has one; every list must match */
	size_t allowed_count;
	unsigned classes; /* bits of enum command_class that may run */
	int audit;	  /* enum audit_level, the least that applies */
};

struct profile {
	const char *name;
	const char *description; /* or NULL */
	const char *extends;	 /* name, or NULL; already flattened into `restriction` */
	struct restriction restriction;
	bool optional; /* if_unsupported = "warn": what the kernel can't enforce is left out */
	bool built_in; /* shipped with the program, not read from profiles.d */
	size_t index;  /* in policy->profiles, which is sorted by name */
	struct source source;
};

/*
 * What one run is confined by: the profiles that apply, intersected, and the system call filter
 * made from that at load. One for each pair of an endpoint's and a command's profile in use.
 */
struct confinement {
	struct restriction restriction;
	struct strings profiles; /* names, the endpoint's first */
	const void *filter;	 /* struct sock_filter[]; NULL: none is needed (confine/filter.h) */
	size_t filter_length;	 /* in instructions */
	const void *gate;	 /* the same, for the filter that logs nothing; with every filter */
	size_t gate_length;
};

/* The list behind a field that is nothing but a list of names; else NULL. */
struct strings *restriction_list(struct restriction *restriction, enum restriction_field field);
/* "execute", "filesystem.read", "limits.memory", …: as in profiles.d. */
const char *restriction_field_name(enum restriction_field field);

/* Adds those of `other` that are not there yet. */
void restriction_add_origins(struct arena *arena, struct restriction_origins *into,
	const struct restriction_origins *other);

/*
 * `into` becomes what both allow. Lists are shared, not copied, where they can be; an origin stays
 * if its profile has a say in the result. Commutative, associative and idempotent but for the
 * order of origins and of `allowed`.
 */
void restriction_intersect(
	struct arena *arena, struct restriction *into, const struct restriction *other);

/* `into` gets the value and the origins of the field of `other`, whatever it had. */
void restriction_copy_field(struct restriction *into, const struct restriction *other,
	enum restriction_field field);

/*
 * The lists of a restriction are sorted, no member twice; of paths that stand for what is below
 * them, none is below another. These three make and keep such lists.
 */
struct strings restriction_sorted(struct arena *arena, const struct strings *list);
struct strings restriction_union(
	struct arena *arena, const struct strings *left, const struct strings *right);
struct strings restriction_areas(struct arena *arena, const struct strings *paths);

/* The paths that are below (or the same as) a path of both lists. */
struct strings restriction_common_paths(
	struct arena *arena, const struct strings *left, const struct strings *right);

/* Whether `path` is `directory` or below it. Both canonical. */
bool restriction_path_below(const char *path, const char *directory);
/* Whether one of `directories` is above it, or the same. */
bool restriction_path_within(const char *path, const struct strings *directories);

/* NULL, or a sentence: why a command may not run under it, by its name, class or program. */
const char *restriction_blocks(struct arena *arena, const struct restriction *restriction,
	const char *command, enum command_class command_class, const char *program);

/* "read-only", …; "unknown" when the definition does not say. */
const char *command_class_name(enum command_class command_class);
/* "CAP_NET_RAW"; NULL above those that this version knows. */
const char *restriction_capability_name(unsigned capability);

/* A field that is a list, as its members, in `arena`; false: it is no list, or not said. */
bool restriction_field_list(struct arena *arena, const struct restriction *restriction,
	enum restriction_field field, struct strings *list);
/* The value of one field as a person reads it; "open" if the restriction does not say. In `arena`. */
const char *restriction_field_text(
	struct arena *arena, const struct restriction *restriction, enum restriction_field field);

#endif
