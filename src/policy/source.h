/* The place in the configuration that something came from. */
#ifndef ROLEGATE_SOURCE_H
#define ROLEGATE_SOURCE_H

struct source {
	const char *file; /* as the loader named it, relative to the configuration directory */
	unsigned line;    /* from 1; 0 when there is none */
};

#endif
