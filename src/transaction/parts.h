/*
 * The pieces of a transaction, for src/transaction only. What lies in an upper directory is the
 * account's work, and so may be what lies in the real one: both are walked by descriptors, name by
 * name, no symbolic link and no mount is followed. Functions return -1 and errno.
 */
#ifndef ROLEGATE_TRANSACTION_PARTS_H
#define ROLEGATE_TRANSACTION_PARTS_H

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

#include "base/fd.h"
#include "transaction/transaction.h"

struct transaction_area {
	const char *path;
	int real;	   /* the directory itself */
	int upper;	   /* N/upper */
	int work;	   /* N/work; -1 when it is redone */
	int mount;	   /* the overlay; -1 when it is redone */
	uint64_t mount_id; /* of `real` */
};

/* In builds for tests ends the process at the N-th call ($ROLEGATE_TEST_CRASH). */
#ifdef FAULT_INJECTION
void crash_point(void);
#else
#define crash_point() ((void)0)
#endif

/* --- transaction.c --- */

/* With nothing open. */
void transaction_clear(struct transaction *transaction, struct arena *arena, const char *id);
void transaction_add_area(struct transaction *transaction, const char *path);

/* --- commit.c --- */

int64_t transaction_now(clockid_t clock);
/* After the decision; -1 with *complaint. */
int commit_apply(struct transaction *transaction, bool redo, transaction_report *report,
	void *context, const char **complaint);
/* Takes away what lies beside the real files; 0 too if there is nothing. */
int commit_undo(struct transaction *transaction, const char **complaint);

/* --- state.c --- */

/* STATEDIR/transactions, made if it is not there. A descriptor, or -1 with *complaint. */
int state_open(struct arena *arena, const char **complaint);
/* The transaction's own directory, made and locked; fills in ->directory. */
int state_create(struct transaction *transaction);
/*
 * Opens and locks the directory `id` if no process has it: 0 with ->directory and how far it is, 1
 * if it is alive or was removed, -1.
 */
int state_take(struct transaction *transaction);
/* The file of that name appears; it is there after a crash too. */
int state_mark(struct transaction *transaction, const char *name);
/* `done` in place of `commit`. */
int state_finish(struct transaction *transaction);
/* The directories of area N below ->directory, which become open. */
int state_make_area(struct transaction *transaction, size_t number);
/* The same of one that is there; 1: there is no area of that number. */
int state_open_area(struct transaction *transaction, size_t number);
/* Whether the real directory of area N is the one that it was made for. */
bool state_knows(const struct transaction *transaction, size_t number);
/* The path of area N of ->directory, in the arena; NULL and errno. */
const char *state_read_path(struct transaction *transaction, size_t number);
/* Ids of the directories there are. */
int state_list(struct arena *arena, int top, struct strings *ids);
/* Removes the transaction's directory, and lets go of it. */
int state_remove(struct transaction *transaction);

/* --- locks.c --- */

/* flock(2) on a file for each path and all above it. EWOULDBLOCK. */
int locks_take(struct transaction *transaction);
void locks_release(struct transaction *transaction);

/* --- area.c --- */

/* Opens the path for writing into it later; -1 with *complaint. */
int area_open(struct transaction *transaction, size_t number, const char **complaint);
/* A directory by its path, without a link on the way: O_PATH. */
int area_open_path(const char *path);
void area_close(struct transaction_area *area);

/* --- overlay.c --- */

/* -1 with *complaint: the kernel's own words. */
int overlay_open(
	struct transaction *transaction, struct transaction_area *area, const char **complaint);
/* Read-only from now on, for whoever has anything of it. EBUSY: somebody writes. */
int overlay_seal(const struct transaction_area *area);

/* --- attributes.c --- */

/* Owner, access control lists, extended attributes, mode, times: in an order that keeps them all.
 */
int attributes_copy(int from, int to);
/* Whether they differ, but for times and labels. 0, 1, or -1. */
int attributes_differ(int left, int right);

/* --- remove.c --- */

/*
 * Removes a file, or a directory with all that is in it, however deep. 0 too if nothing is there.
 * With `mark`, directories that don't have it (mark_set()) are only removed if they are empty:
 * ENOTEMPTY.
 */
int remove_at(int directory, const char *name, const char *mark);
/* Removes everything in a directory. */
int remove_contents(int directory, const char *mark);

/* --- identity.c --- */

/*
 * A directory that is to be removed, or that holds copies, bears the transaction's id where no
 * account can write it. Whoever renames another one to its name gains nothing by it.
 */
int mark_set(int directory, const char *id);
bool mark_is_set(int directory, const char *id);
int mark_clear(int directory);
/* Whether `real` is the directory that the one in the overlay was made of. */
bool identity_is_origin(int upper, int real);
/* The same for an area's own, noted and looked up at a directory of the state. 0, or -1. */
int identity_note(int state, int real);
bool identity_is_noted(int state, int real);

/* --- walk.c --- */

enum entry_kind {
	ENTRY_SPECIAL, /* nothing that is committed */
	ENTRY_REMOVED,
	ENTRY_FILE,
	ENTRY_LINK,
	ENTRY_TREE,   /* a directory that is new with all that is in it */
	ENTRY_MERGED, /* a directory that stays, with changes in it */
	ENTRY_ORPHAN, /* changes in a directory that is not there any more */
};

/*
 * A directory that is walked. What is new in it, and what has to go, passes through a container: a
 * directory in it that is root's alone, so that nobody can put anything else in its place.
 */
struct place {
	const struct place *parent; /* NULL: an area's own */
	const char *name;
	int upper, real;
	int container; /* -1: not opened yet */
	unsigned depth;
};

struct entry {
	const char *name;
	enum entry_kind kind;
	struct statx upper, real;
	bool exists;	    /* `real` is known */
	bool copied;	    /* up from the real one, when that was there */
	char temporary[48]; /* its name in the container */
};

/* One pass over everything that a transaction changed. */
struct tour {
	struct transaction *transaction;
	const struct transaction_area *area;
	/* Each entry; and each directory that stays, its area's own too, before and after those. */
	int (*visit)(struct tour *tour, struct place *place, const struct entry *entry);
	int (*enter)(struct tour *tour, struct place *place); /* NULL: nothing */
	int (*leave)(struct tour *tour, struct place *place); /* NULL: nothing */
	bool redo;	/* an interrupted commit: some of it is done already */
	bool again;	/* the last look, just before it is decided */
	bool undo;	/* what can't be looked at was never changed */
	unsigned taken; /* into containers */
	size_t entries;
	uint64_t bytes;
	transaction_report *report;
	void *context;
	const char *complaint; /* set by tour_fail() */
};

int tour_run(struct tour *tour);
/* -1 with errno `error` and the complaint "PATH TEXT". */
int tour_fail(struct tour *tour, const struct place *place, const char *name, int error,
	const char *text);
void tour_report(
	struct tour *tour, const struct place *place, const char *name, const char *action);
/* The names in a directory, one after the other, but "." and "..". NULL with errno 0 at the end. */
const char *walk_next(DIR *list);
/* A directory by its name, of the same mount as it ought to be: ELOOP, EXDEV. */
int walk_enter(int directory, const char *name, uint64_t mount_id);
int walk_status(int directory, const char *name, struct statx *status);
/* Any extended attribute of the kernel's overlay: whether the entry has it. */
bool walk_has_mark(int directory, const char *name, const char *attribute);

/* --- container.c --- */

/* Opens place->container. 0; 1: there is none and `make` is false; -1 (EEXIST: it is not ours). */
int container_open(struct tour *tour, struct place *place, bool make);
/* Moves what is there by that name into it; a directory must be marked (ESTALE). */
int container_take(struct tour *tour, struct place *place, const char *name);
/* Removes it with what it holds; not what somebody put into a directory that was taken. */
int container_remove(struct tour *tour, struct place *place);

/* --- examine.c, stage.c, apply.c: visitors --- */

int examine_entry(struct tour *tour, struct place *place, const struct entry *entry);
int examine_directory(struct tour *tour, struct place *place);
int stage_entry(struct tour *tour, struct place *place, const struct entry *entry);
int unstage_entry(struct tour *tour, struct place *place, const struct entry *entry);
int unstage_directory(struct tour *tour, struct place *place);
int apply_entry(struct tour *tour, struct place *place, const struct entry *entry);
int apply_directory(struct tour *tour, struct place *place);
int apply_rest(struct tour *tour, struct place *place);

#endif
