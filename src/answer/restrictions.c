#include "answer/restrictions.h"

#include "answer/page.h"
#include "policy/policy.h"

enum { FIELD_WIDTH = 20 /* columns of the names of fields */ };

static void add_sources(struct output *output, const struct restriction_origins *origins)
{
	json_out_open(output, "sources", '[');
	for (size_t i = 0; i < origins->count; i++) {
		const struct restriction_origin *origin = &origins->items[i];

		json_out_open(output, NULL, '{');
		json_out_string(output, "profile", origin->profile);
		json_out_source(output, &origin->source);
		json_out_close(output, '}');
	}
	json_out_close(output, ']');
}

/* Each list of allowed_commands by itself: all of them have to match. */
static void add_allowed(struct output *output, const struct restriction *restriction)
{
	json_out_open(output, "value", '[');
	for (size_t i = 0; i < restriction->allowed_count; i++)
		json_out_strings(output, NULL, &restriction->allowed[i]);
	json_out_close(output, ']');
}

static void add_value(
	struct output *output, const struct restriction *restriction, enum restriction_field field)
{
	struct strings list;

	if (field >= RESTRICT_PROCESSES && field <= RESTRICT_SECONDS)
		json_out_number(output, "value", (int64_t)restriction->limits[field]);
	else if (field == RESTRICT_ALLOWED)
		add_allowed(output, restriction);
	else if (restriction_field_list(output->arena, restriction, field, &list))
		json_out_strings(output, "value", &list);
	else
		json_out_string(
			output, "value", restriction_field_text(output->arena, restriction, field));
	if (restriction->providers && (field == RESTRICT_READ || field == RESTRICT_WRITE))
		json_out_bool(output, "providers", true);
}

void restrictions_json(struct output *output, const struct restriction *restriction)
{
	json_out_open(output, "restrictions", '{');
	for (enum restriction_field field = 0; field < RESTRICT_COUNT; field++) {
		if (!restriction->has[field])
			continue;
		json_out_open(output, restriction_field_name(field), '{');
		add_value(output, restriction, field);
		add_sources(output, &restriction->origins[field]);
		json_out_close(output, '}');
	}
	json_out_close(output, '}');
}

const char *restrictions_place(struct arena *arena, const struct source *source)
{
	return source->line == 0 ? source->file
				 : arena_printf(arena, "%s:%u", source->file, source->line);
}

/* "(standard, built in; own, profiles.d/a.conf:3)" */
static const char *origins_text(struct arena *arena, const struct restriction_origins *origins)
{
	struct strings texts = {0};

	for (size_t i = 0; i < origins->count; i++)
		strings_add(arena, &texts,
			arena_printf(arena, "%s, %s", origins->items[i].profile,
				restrictions_place(arena, &origins->items[i].source)));
	return arena_printf(arena, "(%s)", strings_join(arena, &texts, "; "));
}

void restrictions_text(struct output *output, const struct restriction *restriction, size_t indent)
{
	struct arena *arena = output->arena;
	bool said = false;

	for (enum restriction_field field = 0; field < RESTRICT_COUNT; field++) {
		struct strings words;

		if (!restriction->has[field])
			continue;
		said = true;
		words = page_words(arena, restriction_field_text(arena, restriction, field));
		strings_add(arena, &words, origins_text(arena, &restriction->origins[field]));
		page_items(output, indent, restriction_field_name(field), indent + FIELD_WIDTH,
			&words);
	}
	if (!said)
		page_line(output, indent, "nothing is restricted");
}
