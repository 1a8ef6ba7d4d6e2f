/*
 * What one run of a command did, as far as a profile could have stood in its way. Pure: notify.h
 * finds it out, classify.h and suggest.h judge it.
 */
#ifndef ROLEGATE_TRIAL_OBSERVE_H
#define ROLEGATE_TRIAL_OBSERVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/strings.h"
#include "base/table.h"
#include "policy/restriction.h"

/* The most that was seen at once. */
struct peaks {
	uint64_t processes;   /* threads too */
	uint64_t open_files;  /* the highest descriptor number and one */
	uint64_t memory;      /* bytes of one process's address space */
	uint64_t file_size;   /* bytes of the largest file written */
	uint64_t cpu_seconds; /* of all processes together, rounded up */
};

enum change {
	CHANGE_CONTENT, /* of a file that was there */
	CHANGE_ENTRY,	/* made, renamed or removed: its directory is written */
	CHANGE_RIGHTS,	/* owner, setuid and setgid bits, access lists, capabilities of the file */
};

struct observation {
	struct arena *arena;
	struct table seen; /* "kind path" of all that follow */

	/* Canonical paths, in the order in which they were first seen. */
	struct strings read;
	struct strings write;	   /* files, or directories whose entries changed */
	struct strings written;	   /* every path that was changed, or an entry made or removed */
	struct strings temporary;  /* below /tmp and /var/tmp, written or made */
	struct strings executed;   /* after the command itself; interpreters too */
	bool own_proc, other_proc; /* read of /proc: anything; about other processes */

	struct strings calls;  /* names of system calls that the profile would refuse */
	uint64_t capabilities; /* bit N: it did what takes capability N */
	uint64_t missed;       /* bit N: it tried to, without having capability N */
	enum restrict_network network;
	struct strings peers; /* "192.0.2.1 port 80", "/run/x.sock" */
	bool foreign;	      /* code of another architecture ran */

	struct strings elevations; /* "mount(2)", "changed /etc/passwd": why it is elevated */
	struct strings changes;	   /* why it is write-capable */
	struct peaks peaks;
};

struct observation *observation_new(struct arena *arena);

/* Paths are canonical; those of /proc/PID of the run itself are written /proc/self. */
void observation_read(struct observation *seen, const char *path);
void observation_change(struct observation *seen, const char *path, enum change change);
void observation_execute(struct observation *seen, const char *path);

/* A temporary file that is still there when all is over, and so is what the command is for. */
void observation_left(struct observation *seen, const char *path);

void observation_call(struct observation *seen, const char *name);
void observation_capability(struct observation *seen, unsigned capability, bool held);
/* `family` as in socket(2). */
void observation_socket(struct observation *seen, int family);
/* `service`: what answers there may act for the caller, unseen. */
void observation_peer(struct observation *seen, const char *peer, bool service);
/* `call`: "mount(2)". */
void observation_elevated(struct observation *seen, const char *call);
/* To one that is not of the run. */
void observation_signal(struct observation *seen, int pid);

#endif
