/*
 * The user drive of an endpoint (JEA's MountUserDrive): one private directory of files for each
 * operator, filled and emptied by sftp(1) and scp(1), and read by commands through parameters of
 * type "drive-file". Pure; gateway/drive.h has what touches the file system.
 */
#ifndef ROLEGATE_POLICY_DRIVE_H
#define ROLEGATE_POLICY_DRIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "policy/source.h"

/* The built-in command that reaches it, and the profile that confines what runs then. */
#define DRIVE_COMMAND "sftp"
#define DRIVE_PROFILE "user-drive"
#define DRIVE_PLACE "/drive" /* what it is called in there: that profile names it too */

enum {
	DRIVE_FILES_MAX = 8,   /* values of type "drive-file" in one call */
	DRIVE_FILES_FIRST = 7, /* the program has them at descriptors from here on */
};

struct command;

struct drive {
	const char *program;   /* OpenSSH's sftp-server(8) */
	uint64_t maximum_size; /* bytes, of all files */
	unsigned maximum_files;
	uint64_t maximum_copies; /* bytes, of what one operator's commands have taken from it */
	unsigned keep; /* seconds since a file last changed; 0: for ever */
	bool read_only;
	const char *run_as;	 /* account or "caller": whose the files are */
	struct command *command; /* DRIVE_COMMAND: never in policy->commands, needs no grant */
	struct source source;
};

/* A file of the caller's drive that a call takes. */
struct decision_file {
	const char *parameter;
	const char *name;
	const char *path; /* "/dev/fd/7": what the program is told */
};

/* "at most 50M in 1000 files" */
const char *drive_text(struct arena *arena, const struct drive *drive);

#endif
