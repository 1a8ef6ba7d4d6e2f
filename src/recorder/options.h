/* What stands on rolegate-recorder's command line. */
#ifndef ROLEGATE_RECORDER_OPTIONS_H
#define ROLEGATE_RECORDER_OPTIONS_H

#include <stdbool.h>

struct recorder_options {
	bool foreground;
	const char *directory; /* of the configuration: recorder.conf is in it */
};

/* -1: go on; else the exit status. */
int recorder_options_parse(int argc, char **argv, struct recorder_options *options);

#endif
