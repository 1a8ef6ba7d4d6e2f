/*
 * Transactions: a function works on an overlay of directories (overlayfs, kernel documentation
 * filesystems/overlayfs.rst); its success commits what it changed, anything else throws it away.
 *
 * On disk, below STATEDIR/transactions/ (root's, 0700): one directory for each, named by the
 * request id, locked (flock(2)) by the process that it belongs to; in it for each path N a link
 * N/path that names it, N/upper and N/work, and empty files that say how far a commit is:
 *
 *   staging  copies of what is new lie beside what they will replace, in directories
 *            .rolegate-ID that nobody but root can enter
 *   commit   decided: from here on it is finished, and every step may be repeated
 *   done     finished
 *
 * Without `commit` nothing was changed. The upper directories are the log that it is redone by: the
 * overlay is read-only before it is looked at, so that nothing in them changes any more.
 */
#ifndef ROLEGATE_TRANSACTION_H
#define ROLEGATE_TRANSACTION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/strings.h"

/* More than that in one transaction is refused. */
enum {
	TRANSACTION_ENTRIES_MAX = 100000, /* files that are written or removed */
	TRANSACTION_DEPTH_MAX = 64,	  /* directories in each other */
};
#define TRANSACTION_BYTES_MAX (4ULL << 30)

struct transaction_area;

struct transaction {
	struct arena *arena;
	const char *id; /* request id */
	struct strings paths;
	struct transaction_area *areas; /* one for each path */
	int top;			/* STATEDIR/transactions; -1: nothing is open */
	int directory;			/* its own below it, locked; -1: there is none */
	int *locks; /* of the paths: no two transactions on what is the same or below */
	size_t lock_count;
	int64_t opened;		   /* ns; realtime clock */
	int64_t booted;		   /* the same moment on the clock that nobody sets */
	bool staging, begun, done; /* the files `staging`, `commit`, `done` are there: see above */
	bool empty;		   /* of one whose process is gone: nothing of it is left to tell */
};

/*
 * One change that a commit made. "keep": a directory that was removed, and still has what somebody
 * put into it at that moment.
 */
struct transaction_step {
	const char *path;   /* absolute; any bytes but NUL */
	const char *action; /* "write", "link", "mkdir", "remove", "mode", "keep" */
};

typedef void transaction_report(void *context, const struct transaction_step *step);

/* NULL, or why no transaction could be opened on `path` as it is now. In the arena. */
const char *transaction_complaint(struct arena *arena, const char *path);

/*
 * Takes the locks, makes the directories and the overlays, which are mounted nowhere yet. 0; or -1
 * with *complaint and nothing left, errno EBUSY when another transaction has one of the paths, or
 * one that could not be finished had. Takes CAP_SYS_ADMIN.
 */
int transaction_open(struct arena *arena, const char *id, const struct strings *paths,
	struct transaction *transaction, const char **complaint);

/*
 * In the child, before a view is made: enters a mount namespace of its own, made private, and
 * mounts the overlays over the paths. 0, or -1 and errno (ESTALE: a path is another directory's by
 * now). transaction_holds() reads back.
 */
int transaction_mount(const struct transaction *transaction);
bool transaction_holds(const struct transaction *transaction);

/*
 * The changes become real, each file replaced atomically, `report` (NULL: none) told of each.
 * Owner, mode, times, access control lists and extended attributes come along; hard links become
 * files of their own. -1 with *complaint: nothing was done, unless transaction->begun; then it is
 * finished by transaction_recover(). errno ESTALE: somebody else changed meanwhile what it would
 * replace or remove. EBUSY: somebody still has a file of it open for writing. EPERM: it holds what
 * is never committed (a device, socket or FIFO, a setuid or setgid bit, file capabilities). EFBIG:
 * it is larger than the limits above.
 */
int transaction_commit(struct transaction *transaction, transaction_report *report, void *context,
	const char **complaint);
/* Throws everything away; not what has begun. 0, or -1 with *complaint when some of it is left. */
int transaction_discard(struct transaction *transaction, const char **complaint);
/*
 * Closes what is open. One that was not committed is thrown away; one that has begun stays for
 * transaction_recover(). Until this call one that is done is known to be, should the process die.
 */
void transaction_close(struct transaction *transaction);

/*
 * Those whose process is gone: finishes what had begun to be committed and throws the rest away.
 * Calls `told` for each, with its id and "committed" or "rolled-back". 0, or -1 with *complaint
 * when one of them can be neither; it stays as it is, and its paths are refused.
 */
typedef void transaction_told(void *context, const char *id, const char *what);
int transaction_recover(
	struct arena *arena, transaction_told *told, void *context, const char **complaint);

#endif
