/*
 * Transactions: a function works on an overlay of directories (overlayfs, kernel documentation
 * filesystems/overlayfs.rst); its success commits what it changed, anything else throws it away.
 *
 * On disk, below STATEDIR/transactions/ (root's, 0700): one directory for each, named by the
 * request id: N/upper and N/work for path N, `paths` (a JSON list), and, once the commit has begun,
 * `commit`: the file whose appearance decides. Before it there is nothing to undo; after it the
 * upper directories are the redo log, and every step of the commit may be repeated.
 */
#ifndef ROLEGATE_TRANSACTION_H
#define ROLEGATE_TRANSACTION_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/strings.h"

struct transaction {
	struct arena *arena;
	const char *id; /* request id */
	struct strings paths;
	int directory; /* its own below STATEDIR/transactions; -1: there is none */
	int lock;      /* held while it lasts: no two on paths that are the same or below */
	void *details;
};

/* One change that a commit made, or would make. */
struct transaction_step {
	const char *path;   /* absolute */
	const char *action; /* "write", "remove", "mkdir", "mode", "link" */
};

typedef void transaction_report(void *context, const struct transaction_step *step);

/*
 * Makes the directories and takes the locks. 0; or -1 with *complaint, errno EBUSY when another
 * transaction has one of the paths. Nothing is mounted yet.
 */
int transaction_open(struct arena *arena, const char *id, const struct strings *paths,
	struct transaction *transaction, const char **complaint);

/*
 * In the child, in its own mount namespace, before a view is made of it: mounts the overlays over
 * the paths. 0, or -1 and errno. transaction_holds() reads back.
 */
int transaction_mount(const struct transaction *transaction);
bool transaction_holds(const struct transaction *transaction);

/*
 * The changes become real, each file replaced atomically; then it is over. ESTALE: a file that it
 * would replace was changed by somebody else meanwhile, and nothing was done. -1 with *complaint.
 */
int transaction_commit(struct transaction *transaction, transaction_report *report, void *context,
	const char **complaint);
/* Throws everything away. */
int transaction_discard(struct transaction *transaction, const char **complaint);
/* Closes what is open; one that was neither committed nor discarded is discarded. */
void transaction_close(struct transaction *transaction);

/*
 * At the gateway's start: finishes what had begun to be committed and throws the rest away. Calls
 * `told` for each, with its id and "committed" or "rolled-back". 0, or -1 with *complaint when
 * one of them can be neither; it stays as it is.
 */
typedef void transaction_told(void *context, const char *id, const char *what);
int transaction_recover(
	struct arena *arena, transaction_told *told, void *context, const char **complaint);

#endif
