/* One entry of VisibleCmdlets or VisibleFunctions. */
#include <string.h>
#include <strings.h>

#include "author/psrc_parts.h"
#include "base/text.h"
#include "config/check.h"
#include "config/quote.h"
#include "policy/validate.h"

/* What one Parameters = @{ ... } says. */
struct bound {
	const char *origin, *name;
	struct strings set;
	bool has_set;
	const char *pattern;
};

static const struct parameter *find_parameter(const struct command *command, const char *name)
{
	const struct parameters *parameters = &command->parameters;

	for (size_t i = 0; i < parameters->count; i++)
		if (strcasecmp(parameters->items[i].name, name) == 0)
			return &parameters->items[i];
	return NULL;
}

/* A single value or several; numbers as they are written. */
static void read_set(
	struct psrc_import *import, const struct psd1_value *value, struct bound *bound)
{
	struct psd1_value *const *items =
		value->kind == PSD1_ARRAY ? value->items : (struct psd1_value *const *)&value;
	size_t count = value->kind == PSD1_ARRAY ? value->count : 1;

	bound->has_set = true;
	for (size_t i = 0; i < count; i++) {
		if (items[i]->kind != PSD1_STRING && items[i]->kind != PSD1_NUMBER)
			losses_add(import->losses, bound->origin, "a value of ValidateSet",
				"it is %s; a value is a string", psd1_kind_name(items[i]->kind));
		else if (!strings_contain(&bound->set, items[i]->text))
			strings_add(import->arena, &bound->set, items[i]->text);
	}
}

static bool read_bound(struct psrc_import *import, const char *origin,
	const struct psd1_value *table, struct bound *bound)
{
	*bound = (struct bound){.origin = origin, .name = psrc_text(table, "Name")};
	if (bound->name == NULL) {
		losses_add(import->losses, origin, "a parameter", "it has no Name");
		return false;
	}
	for (size_t i = 0; i < table->count; i++) {
		const struct psd1_value *value = table->items[i];

		if (strcasecmp(table->keys[i], "ValidateSet") == 0) {
			read_set(import, value, bound);
		} else if (strcasecmp(table->keys[i], "ValidatePattern") == 0 &&
			   value->kind == PSD1_STRING) {
			bound->pattern = value->text;
		} else if (strcasecmp(table->keys[i], "Name") != 0) {
			losses_add(import->losses, origin, bound->name,
				"the key %s of a parameter says something that is not known here; "
				"the parameter is left out",
				table->keys[i]);
			return false;
		}
	}
	return true;
}

/* A pattern that is none here leaves the parameter out: without it more would be allowed. */
static bool check_pattern(
	struct psrc_import *import, const struct bound *bound, struct pattern *pattern)
{
	size_t offset;
	const char *complaint =
		bound->pattern[0] == '\0'
			? "it is empty"
			: pattern_compile(import->arena, bound->pattern, pattern, &offset);

	if (complaint == NULL && config_quote(import->arena, bound->pattern)[0] == '"' &&
		text_refused(bound->pattern, strlen(bound->pattern)) == strlen(bound->pattern))
		return true;
	losses_add(import->losses, bound->origin, bound->name,
		"ValidatePattern is refused here (%s); the parameter is left out",
		complaint == NULL ? "it has a control character in it" : complaint);
	return false;
}

/* In PowerShell a value must satisfy both; here the pattern alone would decide (rule 7). */
static bool keeps_value(struct psrc_import *import, const struct bound *bound,
	const struct parameter *parameter, const struct pattern *pattern, const char *value)
{
	const char *expected = NULL;

	if (text_refused(value, strlen(value)) != strlen(value))
		expected = "text without control characters";
	else if (parameter != NULL)
		expected = validate_value(import->arena, parameter, value);
	if (expected == NULL && bound->pattern != NULL &&
		pattern_match(pattern, value, strlen(value)) != PATTERN_MATCH)
		expected = "a value that ValidatePattern matches as a whole";
	if (expected != NULL)
		losses_add(import->losses, bound->origin,
			arena_printf(import->arena, "the value \"%s\" of %s", value, bound->name),
			"it can never be given; expected %s", expected);
	return expected == NULL;
}

static char *set_text(struct psrc_import *import, const struct bound *bound,
	const struct parameter *parameter, const struct pattern *pattern)
{
	struct strings kept = {0};

	for (size_t i = 0; i < bound->set.count; i++)
		if (keeps_value(import, bound, parameter, pattern, bound->set.items[i]))
			strings_add(import->arena, &kept, bound->set.items[i]);
	if (kept.count == 0) {
		losses_add(import->losses, bound->origin, bound->name,
			"no value of ValidateSet is left; the parameter is left out");
		return NULL;
	}
	return arena_printf(import->arena, " set = [ %s ];", sheet_list(import->arena, &kept));
}

/* `{ name = …; set = …; }`, or NULL: left out, which has been said. */
static char *bound_text(
	struct psrc_import *import, const struct bound *bound, const struct command *command)
{
	const struct parameter *parameter =
		command == NULL ? NULL : find_parameter(command, bound->name);
	struct pattern pattern = {0};
	char *rule = arena_strdup(import->arena, "");

	if (command != NULL && parameter == NULL) {
		losses_add(import->losses, bound->origin, bound->name,
			"\"%s\" has no such parameter here", command->name);
		return NULL;
	}
	if (parameter != NULL && parameter->type == PARAMETER_FLAG &&
		(bound->has_set || bound->pattern != NULL)) {
		losses_add(import->losses, bound->origin, bound->name,
			"it is a flag here, which takes no value; the parameter is left out");
		return NULL;
	}
	if (bound->pattern != NULL && !check_pattern(import, bound, &pattern))
		return NULL;
	if (bound->has_set)
		rule = set_text(import, bound, parameter, &pattern);
	else if (bound->pattern != NULL)
		rule = arena_printf(import->arena, " pattern = %s;",
			config_quote(import->arena, bound->pattern));
	return rule == NULL ? NULL
			    : arena_printf(import->arena, "{ name = %s;%s }",
				      config_quote(import->arena,
					      parameter == NULL ? bound->name : parameter->name),
				      rule);
}

static void add_parameter(struct psrc_import *import, const char *origin,
	const struct psd1_value *value, const struct command *command, struct strings *texts)
{
	struct bound bound;
	char *text;

	if (value->kind != PSD1_TABLE) {
		losses_add(import->losses, origin, "an element of Parameters",
			"it is %s; expected a hashtable", psd1_kind_name(value->kind));
		return;
	}
	if (!read_bound(import, origin, value, &bound))
		return;
	text = bound_text(import, &bound, command);
	if (text != NULL)
		strings_add(import->arena, texts, text);
}

char *psrc_grant(struct psrc_import *import, const char *origin, const char *name,
	const struct command *command, const struct psd1_value *parameters)
{
	struct strings texts = {0};

	name = config_quote(import->arena, command == NULL ? name : command->name);
	if (parameters == NULL)
		return arena_strdup(import->arena, name);
	for (size_t i = 0; parameters->kind == PSD1_ARRAY && i < parameters->count; i++)
		add_parameter(import, origin, parameters->items[i], command, &texts);
	if (parameters->kind != PSD1_ARRAY)
		add_parameter(import, origin, parameters, command, &texts);
	return arena_printf(import->arena, "{ name = %s;\n    parameters = ( %s ); }", name,
		strings_join(import->arena, &texts, ",\n                   "));
}
