/*
 * What is recorded, and where: Linux audit by libaudit, and the JSON event log (section 8).
 * A record that was not written is an error that the caller must treat as "nothing runs".
 */
#ifndef ROLEGATE_RECORD_H
#define ROLEGATE_RECORD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/request_id.h"
#include "base/strings.h"

enum record_kind {
	RECORD_DECISION, /* USER_CMD op=decision: both ways, before anything runs */
	RECORD_CHECK,    /* USER_CMD op=check: what a dry run was told */
	RECORD_END,      /* USER_CMD op=end: how the run ended */
	RECORD_CONFIG,   /* USYS_CONFIG op=load-config */
	RECORD_TRIAL,    /* USER_CMD op=trial: rolegatectl is about to run something unconfined */
	RECORD_SESSION,  /* USER_CMD op=session: ended without a decision: protocol error, crash, limit */
	RECORD_APPROVAL, /* USER_CMD op=approval: an edge of the approval queue */
	RECORD_STEP,     /* USER_CMD op=step: one step of a transaction, where audit_steps says so */
	RECORD_DRIVE,    /* USER_CMD op=drive: what was done to a file of a user drive */
	RECORD_REPEATED, /* USER_CMD op=repeated: refusals that have no record of their own */
	RECORD_TERMINATE, /* USER_CMD op=terminate: an administrator, whose uid… is here, ends a run
			     or a session */
	RECORD_REPLAY,   /* USER_CMD op=replay: somebody looks at a recording */
	RECORD_WATCH,    /* USER_CMD op=watch: the same while it is made */
};

/* A file of a user drive. Its name is whatever its owner made of it. */
struct record_file {
	const char *action;    /* did=: put, get, remove, rename, use, expire, quota, found */
	const char *name;      /* file= */
	const char *to;        /* to=: the new name of a rename; NULL */
	const char *parameter; /* param=: what takes it, of a use; NULL */
	const char *of;        /* for=: the request whose end nobody saw, of what it left; NULL */
	uint64_t size;         /* size=: bytes that were hashed, or would have been */
	bool has_size;
	char digest[65];       /* digest=sha256:… of what lay there afterwards; "": none */
	const char *missing;   /* missing=: why there is none that was to be: gone, changed, often,
				  unreadable; NULL */
};

struct record {
	enum record_kind kind;
	bool success;           /* res= */
	const char *request;    /* req=; NULL leaves a field out, here and below */
	const char *endpoint;   /* endpoint= */
	const char *user;       /* the operator's name, or who asked for the load or the end: acct= */
	uid_t uid;              /* id=; (uid_t)-1: unknown */
	uid_t login_uid;        /* as the peer had it: oauid= */
	unsigned audit_session; /* as the peer had it: oses=; (unsigned)-1: unset */
	pid_t peer_pid;         /* opid= */
	const struct strings *roles; /* role=, names joined by "," */
	const struct strings *grants; /* grant=: file:line of what granted it, joined by ","; in
					 RECORD_APPROVAL the file that grants it from now on */
	const char *command;    /* comm=: the definition's name, of what is allowed */
	const char *run_as;     /* runas= */
	const struct strings *profiles; /* profile=, at audit level full: all that confine it */
	const char *directory;  /* cwd=: where the program runs */
	const struct strings *words; /* cmd=: argv of an allowed run (secrets masked), the words as they
	                                came for a refusal; written with line_quote() */
	const char *reason;     /* reason=: the code */
	const char *detail;     /* detail=: the sentence, at level full, in RECORD_SESSION and RECORD_CONFIG;
				   of RECORD_TERMINATE the administrator's reason */
	const char *tty;        /* terminal= */
	int status;             /* RECORD_END: status= (0-255), -1: none */
	int signal;             /* RECORD_END: signal=; 0: none */
	const char *ended_by;   /* RECORD_END: ended=: who ended it, if it was not its own end */
	pid_t child;            /* RECORD_END: child=: the program's process */
	const char *asked_by;   /* RECORD_CONFIG, RECORD_TERMINATE: by=: start, signal, rolegatectl */
	const char *bundle;     /* RECORD_CONFIG: bundle=: name of the bundle that was loaded */
	uint64_t serial;        /* RECORD_CONFIG: serial= of it */
	const char *act_as;      /* actas=: whose rights were used, if not the operator's own */
	const char *script;      /* script=: sha256:… of the bytes that ran, of a function */
	const char *trust;       /* trust=: untrusted, trusted, system, of a function */
	const char *trust_id;    /* trustid=: the registry's entry for it */
	const char *mismatch;    /* mismatch=: on_mismatch of that entry, where the script is another one */
	const char *result;      /* RECORD_END: result= of a function: success, invalid-input, error */
	const char *transaction; /* RECORD_END: transaction=committed, rolled-back, undone, failed */
	unsigned long changes;   /* RECORD_END: changes=: how many it committed; 0: none */
	const char *step;        /* RECORD_STEP: step=: write, link, mkdir, remove, mode, rollback, recover */
	const char *path;        /* RECORD_STEP: path=: what was changed */
	const char *transcript;  /* transcript=required, best-effort, or failed: it ended early */
	const char *outer;       /* for=: the request that this one was run for */
	const char *pipeline;    /* pipeline=: what its stages have in common; the client's word */
	unsigned long approval;  /* approval=: number in the queue; 0: none */
	const char *edge;        /* RECORD_APPROVAL: edge=request, vote, approve, reject, … */
	const char *state;       /* RECORD_APPROVAL: state= after it */
	const char *terms;       /* RECORD_APPROVAL: terms=: how long what was approved is good */
	const struct record_file *file; /* RECORD_DRIVE */
	unsigned errors;        /* RECORD_CONFIG: errors=: of one that was refused */
	const char *session;    /* session=: the gateway's, by its id; of RECORD_TERMINATE the one that
				   is ended */
	const char *target;     /* RECORD_TERMINATE: target=: the name of whose it is */
	unsigned repeated;      /* RECORD_REPEATED: repeated= */
	uint64_t unrecorded;    /* unrecorded=: see struct record_losses; record_write() fills it in */
	const char *digest;     /* sha256=: of the configuration loaded, or decided by */
};

/*
 * Where records go in this process. `event_log`: path, RECORD_BY_RECORDER for rolegate-recorder(8),
 * or NULL for only where the kernel has no audit. Opens what it needs. 0, or -1 with *complaint.
 */
#define RECORD_BY_RECORDER "recorder"
struct recorder;
int record_open(const char *event_log, struct recorder **recorder, const char **complaint);
/* After fork: a netlink socket of its own, and the usual patience. 0, or -1. */
int record_reopen(struct recorder *recorder);
/*
 * Asks the kernel whether audit is on, when a request starts: the answer, which takes it about half
 * a millisecond, is waited for by the next record_write(). Without it that asks for itself.
 */
void record_prepare(struct recorder *recorder);
void record_close(struct recorder *recorder);
/*
 * Records that were not written everywhere they go. The next one that is says how many they are.
 * In memory that several processes share it is whichever of them writes the next one.
 */
struct record_losses {
	uint64_t untold; /* by a record that was written */
	uint64_t total;
};
void record_count_losses(struct recorder *recorder, struct record_losses *losses);
/*
 * For a process on which others wait, until record_reopen(): a recorder that does not answer within
 * so many ms has failed, as it has then for the next seconds without being asked.
 */
void record_hurry(struct recorder *recorder, int patience);
/* "audit", "event-log", "audit+event-log", "audit+recorder", "recorder": for status. */
const char *record_means(const struct recorder *recorder);

/*
 * Writes it everywhere it goes; 0 only when the kernel (audit on at record_prepare() or within the last second, message
 * acknowledged) and the event log took it. A command too long for one audit message is written as several, part=N/M.
 */
int record_write(struct recorder *recorder, const struct record *record, const char **complaint);

/* /proc/self/loginuid: set (only ever from unset), and read back. 0, or -1 and errno. */
int record_set_login_uid(uid_t uid);
/* (uid_t)-1 when unset; -1 and errno when the kernel has none. */
int record_get_login_uid(uid_t *uid);

#endif
