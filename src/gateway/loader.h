/*
 * The configuration, parsed in a child process into memory shared with it: a crash or a lack of
 * memory there changes nothing here.
 */
#ifndef ROLEGATE_GATEWAY_LOADER_H
#define ROLEGATE_GATEWAY_LOADER_H

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

#include "config/config.h"
#include "confine/support.h"
#include "gateway/peer.h"

struct configuration {
	struct arena *arena;         /* everything below; read-only. NULL: there is none */
	const struct policy *policy; /* NULL: refused */
	const struct problems *problems;
	time_t loaded;
	const char *asker; /* the name of who asked for it; NULL: nobody, or not known */
};

struct loader {
	pid_t pid; /* 0: not loading */
	struct arena *arena;
	struct load_result *result;
};

/* 0; or -1 and errno, when no child could be started. The child asks for the name of `asker` too. */
int loader_start(struct loader *loader, const char *directory, const struct support *support,
	const struct peer *asker);
/* The child has ended with `status` of waitpid(2). `configuration` has a policy or problems. */
void loader_reaped(struct loader *loader, int status, struct configuration *configuration);
void configuration_free(struct configuration *configuration);

#endif
