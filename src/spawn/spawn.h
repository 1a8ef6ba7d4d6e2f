/*
 * The child: it sets everything itself and inherits nothing (R13), each step checked and then read
 * back (R43). Any failure ends it with nothing run.
 *
 * Order of the steps, each in a table with its name: new session; controlling terminal; control
 * group; umask; oom_score_adj; overlays of a transaction; view of the file system; descriptors 0, 1, 2 and close_range from
 * 3; signals; nice and scheduling; limits; login uid; groups; bounding set; ids; no core and no
 * tracing; capabilities; no_new_privs; Landlock; parent-death signal; directory; memory; gate;
 * system call filter; execveat of the opened program (confine/filter.h).
 */
#ifndef ROLEGATE_SPAWN_H
#define ROLEGATE_SPAWN_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/strings.h"
#include "confine/cgroup.h"
#include "policy/restriction.h"
#include "spawn/account.h"

/*
 * What is executed by its descriptor (R26). The kernel's own handling of scripts would execute an
 * interpreter that nobody has looked at, so it is opened here, and gets the script by descriptor.
 */
struct spawn_program {
	int image;		 /* an ELF file: the program, or the interpreter */
	int script;		 /* -1: it is no script */
	const char *interpreter; /* as the script's first line has it; NULL: no script */
	const char *argument;	 /* its one argument; NULL: none */
	bool foreign;		 /* made for another architecture: none for a run with a filter */
};

#define SPAWN_SCRIPT_PATH "/dev/fd/3" /* as the interpreter is told */

/* What a function's script gets besides, and no other program: at these two numbers. */
enum { SPAWN_INPUTS = 4, SPAWN_TYPED = 5 };
/* Files of the caller's drive, of any program that takes some: from this number on. */
enum { SPAWN_FILES = 7, SPAWN_FILES_MAX = 8 };

struct spawn_extra {
	int inputs; /* to read: its inputs as JSON; -1: none */
	int typed;  /* to write: its typed lines; -1: none */
	const int *files; /* to read, and to be opened anew by /dev/fd; at most SPAWN_FILES_MAX */
	size_t file_count;
};

struct spawn {
	struct spawn_program program;
	char *const *argv;   /* spawn_arguments() */
	char *const *envp;
	const struct account *account;
	uid_t login_uid;     /* the operator's; (uid_t)-1: leave it unset (no kernel audit) */
	const char *directory;
	const struct confinement *confinement; /* never NULL */
	const struct support *support;
	const struct cgroup *cgroup; /* NULL: none */
	const struct spawn_extra *extra; /* NULL: none */
	const struct transaction *transaction; /* NULL: none */
	int streams[3];      /* what the program gets as 0, 1, 2; may be the same as `terminal` */
	int terminal;        /* pty slave to be its controlling terminal, or -1; if it is the
	                        caller's own already, the program joins the caller's session, so
	                        that it can be stopped from it */
};

struct spawn_failure {
	const char *step; /* a name of the table above; static */
	int error;        /* errno; 0: the read-back differed */
};

/*
 * Starts it. 0 with *pid (its own session, but see `terminal`, and process group; *pid is a child
 * of the caller) which keeps its number until it is waited for, once execve has succeeded; or -1 with `failure`, the child reaped.
 *
 * ROLEGATE_TEST_FAULT builds (configure --enable-fault-injection) make the step named in the
 * environment variable of that name fail; other builds have no such code.
 */
int spawn_start(const struct spawn *spawn, pid_t *pid, struct spawn_failure *failure);

/*
 * Opens the program of a decision for spawn_start(): trusted (R28), regular, executable, no setuid
 * or setgid bit taken on trust (no_new_privs neuters them); a script's interpreter too. -1 with
 * *complaint, errno as trust_open(), nothing open.
 */
struct arena;
int spawn_open_program(struct arena *arena, const char *path, struct spawn_program *program,
	const char **complaint);
/*
 * The same for a script whose bytes are known: they are copied to a sealed file in memory, which is
 * what runs, whatever becomes of the file that they came from (R26). `interpreter`: a path, or NULL
 * for the script's first line.
 */
struct script_content;
int spawn_open_script(struct arena *arena, const struct script_content *content,
	const char *interpreter, struct spawn_program *program, const char **complaint);
/* Sets both descriptors to -1. */
/*
 * It becomes a sealed copy that its own account can't read: the kernel keeps what is executed so
 * from being traced, or looked into by /proc, from its first instruction on. 0, or -1 and errno.
 */
int spawn_hide_program(struct arena *arena, struct spawn_program *program);

void spawn_close_program(struct spawn_program *program);
/*
 * What execve gets, for the argv of a decision: that, or for a script the interpreter, its
 * argument, the script, and the words after the first, as execve(2) says.
 */
char *const *spawn_arguments(
	struct arena *arena, const struct spawn_program *program, const struct strings *argv);

/* Makes the caller the reaper of all its descendants (PR_SET_CHILD_SUBREAPER), read back. */
int spawn_become_reaper(void);

/*
 * Kills every descendant of the caller, with whatever else was started meanwhile, and reaps them;
 * returns when there is none left (R16). `spare` (0: none) is left to the caller to wait for.
 * 0, or -1 if some could not be killed within two seconds.
 */
int spawn_kill_descendants(pid_t spare);

#endif
