/* An entry beside today's configuration, and beside those that were decided before. */
#include <string.h>

#include "admin/known_programs.h"
#include "approval/row.h"
#include "approval/verb_parts.h"
#include "base/text.h"
#include "policy/arguments.h"
#include "policy/function.h"
#include "policy/policy.h"

bool verb_decides(const struct approval_person *person, const struct approval_entry *entry)
{
	for (size_t i = 0; i < person->groups.count; i++)
		if (strings_contain(&entry->decided_by.groups, person->groups.items[i]))
			return true;
	return person->root;
}

/* Through another endpoint, whose own rules for who is let in may be laxer, nothing is. */
bool verb_may_see(const struct approval_desk *desk, const struct approval_entry *entry)
{
	const struct approval_person *person = desk->person;
	struct row_person asker = {.uid = entry->uid, .login_uid = entry->login_uid};

	if (desk->endpoint != NULL && strcmp(desk->endpoint, entry->endpoint) != 0)
		return false;
	return verb_decides(person, entry) || person_is_asker(person, &asker) ||
	       strings_contain(&entry->askers, person->name);
}

bool verb_sees_all(const struct approval_person *person, struct approval_entry *entry)
{
	if (verb_decides(person, entry))
		return true;
	if (entry->kind == APPROVAL_COMMAND)
		entry->name = "";
	entry->run_as = entry->profile = entry->interpreter = entry->rule = "";
	entry->terms = (struct strings){0};
	entry->text = NULL;
	return false;
}

static const struct command *command_of(
	const struct policy *policy, const struct approval_entry *entry)
{
	return policy == NULL ? NULL : table_get(&policy->command_by_name, entry->name);
}

static const struct function *function_of(
	const struct policy *policy, const struct approval_entry *entry)
{
	const struct command *command = command_of(policy, entry);

	return command == NULL ? NULL : command->function;
}

const struct approval_rule *verb_rule_now(
	const struct approval_desk *desk, const struct approval_entry *entry)
{
	const struct function *function = function_of(desk->policy, entry);
	const struct endpoint *endpoint =
		desk->policy == NULL ? NULL : policy_endpoint(desk->policy, entry->endpoint);
	struct approval_rule *rule = arena_alloc(desk->arena, sizeof(*rule));

	if (endpoint == NULL || (entry->kind == APPROVAL_FUNCTION && function == NULL))
		return NULL;
	*rule = approval_rule_for(
		desk->arena, &endpoint->approval, function != NULL ? &function->approval : NULL);
	return rule->required || rule->learn ? rule : NULL;
}

static void note(const struct approval_desk *desk, struct verb_view *view, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void note(const struct approval_desk *desk, struct verb_view *view, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	strings_add(desk->arena, &view->notes, arena_vprintf(desk->arena, format, arguments));
	va_end(arguments);
}

static void note_function(const struct approval_desk *desk, struct verb_view *view)
{
	const struct function *function = function_of(desk->policy, view->entry);

	if (function == NULL)
		note(desk, view, "no function of that name is defined any more");
	else if (strcmp(function->script.content.digest, view->entry->digest) != 0)
		note(desk, view,
			"the function has another script by now (sha256:%s): what is shown here "
			"would "
			"be approved, and not that",
			function->script.content.digest);
}

static void note_command(const struct approval_desk *desk, struct verb_view *view)
{
	const struct command *command = command_of(desk->policy, view->entry);

	if (command != NULL)
		view->program = command->program;
	else if (desk->policy != NULL)
		note(desk, view, "no command of that name is defined: it can't run before one is");
}

/* R38: what the program is known to do besides. */
static void note_program(const struct approval_desk *desk, struct verb_view *view)
{
	static const char *const effects[KNOWN_EFFECTS] = {[KNOWN_SHELL] = "start a shell",
		[KNOWN_COMMAND] = "start other programs",
		[KNOWN_LIBRARY] = "load other code"};
	const struct command *command = command_of(desk->policy, view->entry);
	const char *path = command != NULL		 ? command->program
			   : view->entry->argv.count > 0 ? view->entry->argv.items[0]
							 : NULL;
	const struct known_program *known = path == NULL ? NULL : known_program(path);

	for (int i = 0; known != NULL && i < KNOWN_EFFECTS; i++)
		if (effects[i] != NULL && known->ways[i] != NULL)
			note(desk, view, "%s is known to %s (by: %s)", known->name, effects[i],
				known->ways[i]);
}

/* How many of the words are the name; 0: it was called by an alias. */
static size_t name_words(const char *name, const struct strings *words)
{
	size_t count = 0, length;

	for (; *name != '\0'; name += length + (name[length] == ' ')) {
		length = strcspn(name, " ");
		if (count == words->count || strlen(words->items[count]) != length ||
			memcmp(words->items[count], name, length) != 0)
			return 0;
		count++;
	}
	return count;
}

/* What was said and need not be: no grant can ask for it. */
static struct strings omissible(
	struct arena *arena, const struct command *command, const struct strings *words)
{
	size_t name = name_words(command->name, words);
	struct strings usages = {0};
	struct arguments arguments;
	struct refusal refusal;

	if (name == 0 || command->external ||
		arguments_parse(arena, command, NULL, words->items + name, words->count - name,
			&arguments, &refusal) < 0)
		return usages;
	for (size_t i = 0; i < command->parameters.count; i++)
		if (arguments.items[i].count > 0 && !command->parameters.items[i].required)
			strings_add(arena, &usages,
				parameter_usage(arena, &command->parameters.items[i]));
	return usages;
}

/* A "--dry-run" that is approved is no promise to say it the next time. */
static void note_grant(const struct approval_desk *desk, struct verb_view *view)
{
	const struct command *command = command_of(desk->policy, view->entry);
	struct strings usages = {0};

	if (command != NULL)
		usages = omissible(desk->arena, command, &view->entry->argv);
	if (usages.count > 0)
		note(desk, view,
			"approved for good it may be run without %s too; with --for or --once it "
			"may "
			"not",
			strings_join(desk->arena, &usages, ", "));
}

static int read_formers(
	const struct approval_desk *desk, struct verb_view *view, const char **complaint)
{
	struct approval_entry *former = arena_alloc(desk->arena, sizeof(*former));
	struct approval_entry *rejected = arena_alloc(desk->arena, sizeof(*rejected));
	int of_former, of_rejected;

	of_former = approvals_former(desk->approvals, view->entry, false, former, complaint);
	if (of_former < 0)
		return -1;
	of_rejected = approvals_former(desk->approvals, view->entry, true, rejected, complaint);
	view->former = of_former == 0 ? former : NULL;
	view->rejected = of_rejected == 0 ? rejected : NULL;
	return of_rejected < 0 ? -1 : 0;
}

int verb_view_fill(const struct approval_desk *desk, const struct approval_entry *entry,
	struct verb_view *view, const char **complaint)
{
	bool function = entry->kind == APPROVAL_FUNCTION;

	*view = (struct verb_view){.entry = entry};
	if (read_formers(desk, view, complaint) < 0)
		return -1;
	if (strcmp(entry->run_as, "root") == 0)
		note(desk, view, "it runs as root");
	if (view->rejected != NULL)
		note(desk, view, "the same was rejected before, as number %lu: %s",
			view->rejected->number, view->rejected->decision);
	if (function) {
		note_function(desk, view);
	} else {
		note_command(desk, view);
		note_program(desk, view);
		note_grant(desk, view);
	}
	if (entry->state == APPROVAL_PENDING && verb_rule_now(desk, entry) == NULL)
		note(desk, view,
			"the configuration of today asks for no such approval: it can't be "
			"approved");
	view->danger = function ? danger_find(desk->arena, entry->text)
				: danger_find_words(desk->arena, &entry->argv);
	return 0;
}
