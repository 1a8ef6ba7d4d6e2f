/* The command line that the daemons have in common. */
#ifndef ROLEGATE_DAEMON_OPTIONS_H
#define ROLEGATE_DAEMON_OPTIONS_H

#include <stdbool.h>

struct daemon_program {
	const char *name, *usage;
	bool has_cgroup; /* takes --cgroup */
};

struct daemon_options {
	bool foreground;
	const char *directory; /* of the configuration: absolute */
	const char *cgroup;    /* absolute; NULL: none was given */
};

/* -1: go on; else the exit status, after what there was to say. */
int daemon_options_parse(int argc, char **argv, const struct daemon_program *program,
	struct daemon_options *options);

#endif
