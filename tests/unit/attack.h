/*
 * Attacks from inside a confinement: each in a process of its own that has no rights, on files that
 * lie in memory on /srv. Include cmocka.h before.
 */
#ifndef ROLEGATE_ATTACK_H
#define ROLEGATE_ATTACK_H

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "policy/restriction.h"

enum {
	ATTACK_ACCOUNT = 65534,
	ATTACK_NOT_ENTERED = 201, /* statuses of a process that did not get as far as its attack */
	ATTACK_NOT_AS_ASKED,
	ATTACK_STILL_ROOT,
};

extern struct arena *attack_arena;

/* For cmocka_run_group_tests: a mount namespace and the files. */
int attack_set_up(void **state);
int attack_tear_down(void **state);
/* Skips the test where there are none. */
void attack_need_root(void);

void attack_file(const char *path, const char *text, uid_t owner, mode_t mode);
/* A program of root's at `to`. */
void attack_copy_program(const char *from, const char *to);
struct strings attack_list(const char *const *paths);
#define LIST(...) attack_list((const char *const[]){__VA_ARGS__, NULL})

struct restriction attack_writes(struct strings areas);
struct restriction attack_executes(struct strings paths);

/* What has a value is had. */
struct restriction attack_complete(const struct restriction *restriction);

/* The ids and no_new_privs, as the steps of a child do it; exits if that fails. */
void attack_become_account(void);
/* The exit status, 1000 and the signal's number if it was ended by one. */
int attack_status(pid_t pid);
/* Starts a program and waits: its exit status; 126 EACCES, 125 could not be executed. */
int attack_start(const char *path, const char *const *words);
#define START(path, ...) attack_start(path, (const char *const[]){path, __VA_ARGS__, NULL})

/* In an attack: `call` must fail with `error`. Says which one did not. */
#define REFUSED(call, error)                                                                       \
	do {                                                                                       \
		errno = 0;                                                                         \
		if ((call) >= 0 || errno != (error)) {                                             \
			fprintf(stderr, "line %d: %s: %s\n", __LINE__, #call, strerror(errno));    \
			return 1;                                                                  \
		}                                                                                  \
	} while (0)

#define WORKS(call)                                                                                \
	do {                                                                                       \
		errno = 0;                                                                         \
		if (!(call)) {                                                                     \
			fprintf(stderr, "line %d: %s: %s\n", __LINE__, #call, strerror(errno));    \
			return 1;                                                                  \
		}                                                                                  \
	} while (0)

#endif
