/*
 * The steps of a child, for spawn.c only. Each has a part that sets and a part that reads back what
 * holds; both run in the child, after fork, and may use no lock and no stdio.
 */
#ifndef ROLEGATE_STEPS_H
#define ROLEGATE_STEPS_H

#include <stdbool.h>
#include <stdint.h>

#include "spawn/spawn.h"

enum {
	CHILD_SCRIPT = 3,     /* SPAWN_SCRIPT_PATH; nothing is there without a script */
	CHILD_REPORT = 6,     /* the pipe to the parent */
	CHILD_DESCRIPTORS = SPAWN_FILES + SPAWN_FILES_MAX /* nothing is open from here on, but the program at FILTER_PROGRAM */
};

struct child {
	const struct spawn *spawn;
	pid_t parent;
	int program, script, report; /* before the step "descriptors" moves them */
	int inputs, typed;	     /* the same; -1: none */
	int file_count;		     /* of those at SPAWN_FILES, from spawn->extra->files */
	int32_t keyring;	     /* serial of the session keyring; 0: not joined, -1: there are none */
	int filters;		     /* that the parent has */
	uint64_t key;		     /* of the gate, see confine/filter.h */
	uint64_t capabilities;	     /* bit N: the program keeps capability N */
};

struct step {
	const char *name;
	int (*set)(struct child *child);	  /* 0, or -1 and errno */
	bool (*holds)(const struct child *child); /* reads back */
};

/* process.c */
int step_session(struct child *child);
bool holds_session(const struct child *child);
int step_terminal(struct child *child);
bool holds_terminal(const struct child *child);
int step_descriptors(struct child *child);
bool holds_descriptors(const struct child *child);
int step_signals(struct child *child);
bool holds_signals(const struct child *child);
int step_umask(struct child *child);
bool holds_umask(const struct child *child);
int step_parent_death(struct child *child);
bool holds_parent_death(const struct child *child);
int step_directory(struct child *child);
bool holds_directory(const struct child *child);

/* limits.c */
int step_scheduling(struct child *child);
bool holds_scheduling(const struct child *child);
int step_limits(struct child *child);
bool holds_limits(const struct child *child);
int step_oom_score(struct child *child);
bool holds_oom_score(const struct child *child);
int step_memory(struct child *child);
bool holds_memory(const struct child *child);
int step_personality(struct child *child);
bool holds_personality(const struct child *child);

/* identity.c */
int step_keyring(struct child *child);
bool holds_keyring(const struct child *child);
int step_login_uid(struct child *child);
bool holds_login_uid(const struct child *child);
int step_groups(struct child *child);
bool holds_groups(const struct child *child);
int step_ids(struct child *child);
bool holds_ids(const struct child *child);
int step_dumpable(struct child *child);
bool holds_dumpable(const struct child *child);

/* confine.c */
int step_cgroup(struct child *child);
bool holds_cgroup(const struct child *child);
int step_transaction(struct child *child);
bool holds_transaction(const struct child *child);
int step_view(struct child *child);
bool holds_view(const struct child *child);
int step_landlock(struct child *child);
bool holds_landlock(const struct child *child);
int step_gate(struct child *child);
bool holds_gate(const struct child *child);
int step_filter(struct child *child);
bool holds_filter(const struct child *child);

/* privileges.c */
/* In the parent: what the program is to keep. */
uint64_t privileges_kept(const struct spawn *spawn);
int step_bounding_set(struct child *child);
bool holds_bounding_set(const struct child *child);
int step_capabilities(struct child *child);
bool holds_capabilities(const struct child *child);
int step_no_new_privs(struct child *child);
bool holds_no_new_privs(const struct child *child);

#endif
