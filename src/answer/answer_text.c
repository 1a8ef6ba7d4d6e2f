/* What roles may run, as an operator reads it at the prompt and a reviewer with `show`. */
#include "answer/answer.h"
#include "answer/answer_text_parts.h"
#include "answer/examples.h"
#include "policy/line.h"

/* As they are typed. */
static void add_examples(struct answer_text *text, const struct policy *policy,
	const struct role_set *roles, const struct entry *entry)
{
	struct arena *arena = text->output.arena;
	struct examples examples = examples_of(arena, policy, text->endpoint, roles, entry);

	for (size_t i = 0; i < examples.count; i++) {
		if (i == 0)
			page_line(&text->output, TEXT_INDENT, "for example:");
		page_line(&text->output, TEXT_INDENT + 2,
			line_quote(arena, examples.items[i].items, examples.items[i].count));
	}
}

static void add_aliases(
	struct answer_text *text, const struct policy *policy, const struct role_set *roles)
{
	bool first = true;

	for (size_t i = 0; i < policy->alias_count; i++) {
		const struct alias *alias = policy->aliases[i];

		if (!entry_has_alias(text->output.arena, policy, text->endpoint, roles, alias))
			continue;
		if (first)
			page_line(&text->output, 0, "");
		page_line(&text->output, 0,
			arena_printf(text->output.arena, "%s: short for \"%s\"", alias->name,
				alias->target));
		first = false;
		for (size_t j = 0; text->with_sources && j < alias->view_count; j++)
			if (role_set_has(roles, alias->views[j].role))
				answer_text_source(text, TEXT_INDENT, "from", alias->views[j].role,
					alias->views[j].source, NULL);
	}
}

static void add_areas(
	struct answer_text *text, const struct policy *policy, const struct role_set *roles)
{
	struct areas areas = areas_of(text->output.arena, policy, roles);

	for (size_t i = 0; i < areas.count; i++) {
		const struct area *area = &areas.items[i];
		struct strings read = answer_text_list(text, &area->provider->read, ",", true);
		struct strings write = answer_text_list(text, &area->provider->write, ",", true);

		if (i == 0)
			page_line(&text->output, 0, "");
		page_line(&text->output, 0,
			arena_printf(text->output.arena, "%s: files", area->provider->name));
		if (read.count > 0)
			page_items(&text->output, TEXT_INDENT, "read", TEXT_INDENT + 7, &read);
		if (write.count > 0)
			page_items(&text->output, TEXT_INDENT, "write", TEXT_INDENT + 7, &write);
		if (text->with_sources)
			answer_text_source(
				text, TEXT_INDENT, "from", area->role, area->source, NULL);
	}
}

static void add_drive(
	struct answer_text *text, const struct endpoint *endpoint, const struct role_set *roles)
{
	struct arena *arena = text->output.arena;
	const struct drive *drive = endpoint == NULL ? NULL : endpoint->drive;

	if (drive == NULL || roles->count == 0 || !role_set_reaches(roles, DRIVE_COMMAND))
		return;
	page_line(&text->output, 0, "");
	page_line(&text->output, 0,
		arena_printf(arena, "A drive for sftp and scp: %s", drive_text(arena, drive)));
}

/* "dana has the roles log-reader and web-operator." */
static void add_heading(struct answer_text *text, const struct policy *policy,
	const struct role_set *roles, const char *user)
{
	struct arena *arena = text->output.arena;
	struct strings names = role_set_names(arena, policy, roles), items = {0};

	if (user == NULL && !text->with_sources)
		return;
	strings_add(arena, &items,
		user != NULL ? arena_printf(arena, "%s has", user) : "Somebody with");
	strings_add(arena, &items,
		names.count == 0   ? "no role"
		: names.count == 1 ? "the role"
				   : "the roles");
	for (size_t i = 0; i < names.count; i++)
		strings_add(arena, &items,
			i + 2 < names.count    ? arena_printf(arena, "%s,", names.items[i])
			: i + 2 == names.count ? arena_printf(arena, "%s and", names.items[i])
					       : names.items[i]);
	strings_add(arena, &items, "may run:");
	if (user != NULL)
		items.items[items.count - 1] = "and may run:";
	page_items(&text->output, 0, "", 0, &items);
	page_line(&text->output, 0, "");
}

char *answer_list_text(struct arena *arena, const struct policy *policy,
	const struct endpoint *endpoint, const struct role_set *roles, const char *user,
	bool with_sources)
{
	struct entries entries = entries_of(arena, policy, endpoint, roles, NULL);
	struct answer_text text = {
		.output.arena = arena, .endpoint = endpoint, .with_sources = with_sources};

	add_heading(&text, policy, roles, user);
	for (size_t i = 0; i < entries.count; i++) {
		if (i > 0)
			page_line(&text.output, 0, "");
		answer_text_entry(&text, &entries.items[i]);
	}
	if (entries.count == 0)
		page_line(&text.output, 0, "No command is allowed.");
	add_aliases(&text, policy, roles);
	add_areas(&text, policy, roles);
	add_drive(&text, endpoint, roles);
	return output_end(&text.output);
}

char *answer_describe_text(struct arena *arena, const struct policy *policy,
	const struct endpoint *endpoint, const struct role_set *roles, const char *const *words,
	size_t count)
{
	size_t name_words;
	const struct command *command = decide_command(policy, roles, words, count, &name_words);
	struct answer_text text = {.output.arena = arena, .endpoint = endpoint, .all_values = true};
	struct entries entries;

	if (command == NULL)
		return NULL;
	entries = entries_of(arena, policy, endpoint, roles, command);
	for (size_t i = 0; i < entries.count; i++) {
		if (i > 0)
			page_line(&text.output, 0, "");
		answer_text_entry(&text, &entries.items[i]);
		add_examples(&text, policy, roles, &entries.items[i]);
	}
	return output_end(&text.output);
}
