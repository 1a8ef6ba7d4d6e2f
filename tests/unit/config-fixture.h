/* Configurations in memory: a small good one, with files replaced or added. */
#ifndef ROLEGATE_TEST_CONFIG_FIXTURE_H
#define ROLEGATE_TEST_CONFIG_FIXTURE_H

#include "base/arena.h"
#include "config/config.h"
#include "config/loader.h"

/* Every kind of file, every key at least once, without a problem. */
extern const struct config_file good_files[];
extern const size_t good_file_count;

struct loaded {
	struct arena *arena;
	struct policy *policy;
	struct problems problems;
};

/* The good files, of which the one of that name is replaced; with name NULL as they are. */
struct loaded load_with(const char *name, const char *text, size_t length);
/* Nothing but these. */
struct loaded load_only(const struct config_file *files, size_t count);
void loaded_free(struct loaded *loaded);

/* All problems of a level, one a line, as rolegatectl check prints them. */
char *problem_lines(const struct loaded *loaded, enum problem_level level);

#endif
