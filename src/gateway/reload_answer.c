/* What became of a reload, for rolegatectl. */
#include <jansson.h>
#include <stdlib.h>

#include "base/strings.h"
#include "gateway/listener.h"

static const char *level_name(const struct problem *problem)
{
	return problem->level == PROBLEM_ERROR ? "error" : "warning";
}

static char *as_json(struct arena *arena, const struct configuration *configuration)
{
	json_t *problems = json_array();
	json_t *root = json_pack("{s:b, s:o}", "loaded", configuration->policy != NULL, "problems",
		problems);
	char *text, *copy;

	if (configuration->policy != NULL)
		json_object_set_new(root, "sha256", json_string(configuration->policy->digest));
	for (size_t i = 0; i < configuration->problems->count; i++) {
		const struct problem *problem = &configuration->problems->items[i];

		json_array_append_new(problems,
			json_pack("{s:s, s:s, s:i, s:s}", "level", level_name(problem), "file",
				problem->file, "line", (int)problem->line, "text",
				problem->text));
	}
	text = json_dumps(root, JSON_COMPACT);
	json_decref(root);
	copy = arena_strdup(arena, text == NULL ? "{}" : text);
	free(text);
	return copy;
}

char *reload_text(struct arena *arena, const struct configuration *configuration, bool json)
{
	struct strings lines = { .count = 0 };

	if (configuration == NULL)
		return arena_strdup(arena, json ? "{\"loaded\":false,\"problems\":[]}"
						: "the configuration could not be loaded");
	if (json)
		return as_json(arena, configuration);
	for (size_t i = 0; i < configuration->problems->count; i++) {
		const struct problem *problem = &configuration->problems->items[i];

		strings_add(arena, &lines,
			arena_printf(arena, "%s: %s", level_name(problem),
				problem_text(arena, problem)));
	}
	strings_add(arena, &lines, configuration->policy == NULL
		? "the configuration was refused; the running one stays as it is"
		: arena_printf(arena, "the configuration was loaded, sha256 %s",
			  configuration->policy->digest));
	return strings_join(arena, &lines, "\n");
}
