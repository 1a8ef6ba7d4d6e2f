/* Profiles, for rolegatectl show --profile. */
#include "answer/answer.h"
#include "answer/page.h"
#include "answer/restrictions.h"

enum { INDENT = 4 };

static void add_profile(struct output *output, const struct profile *profile)
{
	json_out_open(output, NULL, '{');
	json_out_string(output, "name", profile->name);
	json_out_string(output, "description", profile->description);
	json_out_string(output, "extends", profile->extends);
	json_out_bool(output, "built_in", profile->built_in);
	json_out_string(output, "if_unsupported", profile->optional ? "warn" : "error");
	json_out_source(output, &profile->source);
	restrictions_json(output, &profile->restriction);
	json_out_close(output, '}');
}

char *answer_profile_json(struct arena *arena, const struct profile *profile)
{
	struct output output = {.arena = arena};

	add_profile(&output, profile);
	return output_end(&output);
}

char *answer_profiles_json(struct arena *arena, const struct policy *policy)
{
	struct output output = {.arena = arena};

	json_out_open(&output, NULL, '{');
	json_out_open(&output, "profiles", '[');
	for (size_t i = 0; i < policy->profile_count; i++)
		add_profile(&output, &policy->profiles[i]);
	json_out_close(&output, ']');
	json_out_close(&output, '}');
	return output_end(&output);
}

char *answer_profile_text(struct arena *arena, const struct profile *profile)
{
	struct output output = {.arena = arena};

	page_line(&output, 0,
		arena_printf(arena, "%s (%s%s%s)", profile->name,
			restrictions_place(arena, &profile->source),
			profile->extends != NULL ? ", extends " : "",
			profile->extends != NULL ? profile->extends : ""));
	if (profile->description != NULL) {
		struct strings words = page_words(arena, profile->description);

		page_items(&output, INDENT, "", INDENT, &words);
	}
	if (profile->optional)
		page_line(&output, INDENT, "what the kernel can't enforce is left out");
	restrictions_text(&output, &profile->restriction, INDENT);
	return output_end(&output);
}

char *answer_profiles_text(struct arena *arena, const struct policy *policy)
{
	struct output output = {.arena = arena};

	for (size_t i = 0; i < policy->profile_count; i++) {
		if (i > 0)
			page_line(&output, 0, "");
		output_text(&output, answer_profile_text(arena, &policy->profiles[i]));
	}
	return output_end(&output);
}
