/* Who looks at what others did is in the records too. */
#include <libgen.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "admin/replay.h"
#include "admin/trial_record.h"
#include "config/config.h"

/* Where this host's records go; NULL with *complaint. */
static const struct policy *load(
	struct arena *arena, const struct options *options, const char **complaint)
{
	struct problems problems = {.arena = arena};
	const struct policy *policy = config_load(
		arena, options->config, CONFIG_TRUST_WARNS | CONFIG_MAIN_OPTIONAL, &problems);

	for (size_t i = 0; policy == NULL && i < problems.count; i++)
		if (problems.items[i].level == PROBLEM_ERROR) {
			*complaint = problem_text(arena, &problems.items[i]);
			break;
		}
	return policy;
}

int review_record(struct arena *arena, const struct options *options, enum record_kind kind,
	const struct recording *recording, const char **complaint)
{
	const struct policy *policy = load(arena, options, complaint);
	struct record record = {.kind = kind,
		.success = true,
		.request = recording->request,
		.endpoint = recording->endpoint,
		.detail = recording->user != NULL ? arena_printf(arena, "%s of %s", recording->file,
							    recording->user)
						  : recording->file,
		.status = -1};
	struct recorder *recorder;
	int result;

	if (policy == NULL || record_open(policy->event_log, &recorder, complaint) < 0)
		return -1;
	trial_record_person(arena, &record);
	result = record_write(recorder, &record, complaint);
	record_close(recorder);
	return result;
}

/* `path`: NULL, the log's directory, or a file that is in it. */
static bool is_own_directory(struct arena *arena, const char *path)
{
	struct stat given, own;

	if (path == NULL)
		return true;
	if (stat(path, &given) < 0 || stat(ROLEGATE_LOG_DIR, &own) < 0)
		return false;
	if (!S_ISDIR(given.st_mode)) {
		char *copy = arena_strdup(arena, path);

		if (stat(dirname(copy), &given) < 0)
			return false;
	}
	return given.st_dev == own.st_dev && given.st_ino == own.st_ino;
}

bool review_is_elsewhere(struct arena *arena, const char *path, const struct recording *recording)
{
	char host[256] = "";

	return !is_own_directory(arena, path) && recording->host != NULL &&
	       gethostname(host, sizeof(host) - 1) == 0 && strcmp(host, recording->host) != 0;
}
