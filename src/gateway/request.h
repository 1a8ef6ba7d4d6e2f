/* One request: the one way from a client's words to a running program. */
#ifndef ROLEGATE_REQUEST_H
#define ROLEGATE_REQUEST_H

#include "base/request_id.h"
#include "confine/cgroup.h"
#include "function/outcome.h"
#include "gateway/recording.h"
#include "gateway/session.h"
#include "policy/decide.h"
#include "spawn/pam.h"
#include "spawn/spawn.h"

struct collector;
struct drive_run;
struct relay;

/* The end of what came on a standard error that the operator doesn't see. */
enum { HIDDEN_MAX = 4096 /* bytes that are surely kept */ };

struct hidden {
	char bytes[2 * HIDDEN_MAX];
	size_t length;
	bool truncated; /* there was more before */
};
struct approval_subject;

enum { APPROVALS_HELD = 2 };

struct request {
	struct session *session;
	struct arena *arena; /* lives as long as the request */
	struct request_id id;

	bool dry_run;
	uint32_t flags;
	const char *account; /* -u, or "" */
	uint8_t streams;     /* bit N: stream N came as a descriptor */
	const char *term;
	struct packet_window window;
	struct strings words;
	int descriptors[3]; /* by stream; -1: the pty */

	const struct role_set *roles;	/* whose rights they are: the session's, but see act_as */
	const char *act_as;		/* --act-as; NULL: nobody else */
	const char *pipeline;		/* the client's label of the stages of one; NULL: none */
	const struct request *outer;	/* that this one is run for; NULL: a person's own */
	bool unrelated;			/* to the command of `outer`: it starts the session */
	bool noted;			/* in the session's note, as what runs */
	bool quiet;			/* nobody is there to be asked or told anything */
	bool regardless;		/* of the client: it goes on when that is gone */
	struct collector *printed;	/* its standard output, of a nested one; NULL */
	const struct command *ungranted; /* of a nested one (policy/decide.h) */

	struct decision decision;
	struct account run_as;
	struct spawn_program program;
	struct cgroup cgroup;
	int master, slave; /* -1: no pty */
	char tty[64];      /* the slave's name, or "" */
	struct pam_session *pam;
	struct recording recording;

	/* Of a function: */
	const struct script_content *content; /* what runs; NULL: not a function */
	struct variables variables; /* its inputs and facts */
	const char *interpreter_digest; /* of what executes it, where that was hashed; NULL */
	int input;  /* its inputs as JSON, for the child; -1: none */
	int typed;  /* the gateway's end of its typed lines (function/outcome.h); -1: none */
	int typed_program; /* the program's end */
	int errors; /* the gateway's end of its standard error, if the operator doesn't see it; -1 */
	struct hidden *hidden; /* what came of that; NULL: the operator sees it */
	struct outcome *outcome; /* NULL: not a function, or not that far yet */
	struct transaction *transaction;
	struct drive_run *drive; /* of the drive's own command (gateway/drive.h); NULL */
	int files[SPAWN_FILES_MAX]; /* of the caller's drive, for the program; -1 */
	struct record_file drive_files[SPAWN_FILES_MAX]; /* what they are */
	int copies; /* the room that they take (drive_copies.c); -1 */
	unsigned long changes; /* that it committed */
	unsigned long approval; /* the number that it runs by, or waits under; 0: none */
	/* Asked for again as it starts, which uses up those for one run: of the call, of the
	 * function. */
	struct {
		const struct approval_subject *subject;
		unsigned long number;
		bool once;
	} held[APPROVALS_HELD];
	size_t held_count;
};

/* Turns the decision into a denial; what is not the operator's to know is taken out. */
void request_deny(struct request *request, enum reason reason, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* For LIST, DESCRIBE, CHECK and RUN alike: an id, an arena, no descriptors. 0, or -1. */
void request_start(struct request *request, struct session *session, struct arena *arena);
/* The decision as one object for the operator if the client wants it, else "". */
struct answer_facts;
const char *request_json(struct request *request, const struct answer_facts *facts);
/* What is said of a denial: why, and whom to ask where that can help. */
const char *request_told(const struct request *request);
/* Records the denial as the audit level says, and sends it. */
void request_refuse(struct request *request, bool record);
/* The field act_as of a packet. */
void request_get_act_as(struct request *request, struct packet *packet);
/* The field pipeline: what is neither empty nor an id makes the packet bad. */
void request_get_pipeline(struct request *request, struct packet *packet);
/* act_as.c: the roles of request->act_as, if the operator may use them. 0, or -1 and denied. */
int request_take_act_as(struct request *request);
/* The peer and its roles, or another's, the size of the request: 0, or -1 and denied. */
int request_check_person(struct request *request);
/* decide(), and -u. 0, or -1 and denied. */
int request_decide(struct request *request);

/*
 * The steps before the program is started, in their order. 0, or -1 and denied, or session->over.
 */
int prepare_run(struct request *request);
/* The operator's account by PAM, and authentication where the endpoint wants it. 0, or -1 and denied. */
int request_check_caller(struct request *request);

/*
 * run.c: what is prepared, to its end: for a person's request and for nested ones alike.
 * Starts the program: 0; or -1, recorded and denied.
 */
int request_launch(struct request *request, struct relay *relay);
/* Until it has ended, with the record of that. */
void request_follow(struct request *request, struct relay *relay);
/* All that was opened for it. */
void request_close(struct request *request);

/* NULL, or why `fd` may not be the program's stream. */
const char *stream_complaint(int fd);
/* The same for a file under a restriction that is enforced by mounts: NULL, or why not. */
const char *stream_file_complaint(int fd, uid_t caller, const struct account *account,
	const struct restriction *restriction);

/* PAM's questions, over the socket. */
int converse_ask(void *context, int style, const char *text, char **reply);

#endif
