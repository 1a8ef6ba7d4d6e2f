/* One decision as JSON: for rolegate --json, --dry-run, and rolegatectl explain. */
#include "answer/answer.h"
#include "answer/json_out.h"
#include "answer/restrictions.h"

static void add_sources(struct output *output, const struct decision *decision)
{
	json_out_open(output, "sources", '[');
	for (size_t i = 0; i < decision->source_count; i++) {
		const struct decision_source *source = &decision->sources[i];

		json_out_open(output, NULL, '{');
		json_out_string(output, "role", source->role);
		json_out_source(output, &source->source);
		json_out_string(output, "parameter", source->parameter);
		json_out_close(output, '}');
	}
	json_out_close(output, ']');
}

static void add_value(struct output *output, const struct parameter *input, const char *text)
{
	if (input->secret)
		text = "<secret>";
	else if (input->type == PARAMETER_FLAG)
		text = "true";
	json_out_string(output, NULL, text);
}

/* Each value that the script gets, defaults among them. */
static void add_inputs(struct output *output, const struct decision *decision)
{
	const struct parameters *inputs = &decision->command->parameters;

	json_out_open(output, "inputs", '{');
	for (size_t i = 0; i < inputs->count; i++) {
		const struct argument *given = &decision->inputs.items[i];

		if (given->count == 0)
			continue;
		json_out_open(output, inputs->items[i].name, '[');
		for (size_t k = 0; k < given->count; k++)
			add_value(output, &inputs->items[i], given->values[k].text);
		json_out_close(output, ']');
	}
	json_out_close(output, '}');
}

static void add_function(struct output *output, const struct decision *decision, bool for_operator)
{
	const struct command *command = decision->command;
	const struct function *function = command == NULL ? NULL : command->function;

	if (function == NULL)
		return;
	if (!for_operator)
		json_out_string(output, "script",
			arena_printf(output->arena, "sha256:%s", function->script.content.digest));
	add_inputs(output, decision);
}

/* Which files of the drive stand behind the descriptors in argv. */
static void add_files(struct output *output, const struct decision *decision)
{
	if (decision->file_count == 0)
		return;
	json_out_open(output, "files", '[');
	for (size_t i = 0; i < decision->file_count; i++) {
		json_out_open(output, NULL, '{');
		json_out_string(output, "parameter", decision->files[i].parameter);
		json_out_string(output, "name", decision->files[i].name);
		json_out_string(output, "path", decision->files[i].path);
		json_out_close(output, '}');
	}
	json_out_close(output, ']');
}

static void add_allowed(struct output *output, const struct decision *decision, const char *run_as)
{
	json_out_string(output, "program", decision->program);
	json_out_strings(output, "argv", &decision->shown);
	json_out_string(output, "run_as", run_as != NULL ? run_as : decision->run_as);
	json_out_string(output, "profile", decision->profile);
	if (decision->confinement != NULL)
		json_out_strings(output, "profiles", &decision->confinement->profiles);
	if (decision->timeout != 0)
		json_out_number(output, "timeout", decision->timeout);
	add_files(output, decision);
	json_out_transcript(output, decision->transcript);
	if (decision->command != NULL && decision->command->needs_terminal)
		json_out_string(output, "terminal", "required");
}

/* Of a denial for want of trust too; by which entry is for reviewers alone. */
static void add_trust(struct output *output, const struct decision *decision, bool for_operator)
{
	const struct trust_verdict *trust = &decision->trust;
	bool judged = decision->verdict == VERDICT_ALLOW || decision->reason == REASON_UNTRUSTED;

	if (!judged || decision->command == NULL || decision->command->function == NULL)
		return;
	json_out_string(output, "trust", trust_level_names[trust->level]);
	json_out_string(output, "trust_reason", trust->note);
	if (!for_operator && trust->entry != NULL)
		json_out_string(output, "trust_id", trust->entry->id);
}

static void add_areas(struct output *output, const struct decision *decision)
{
	json_out_open(output, "areas", '[');
	for (size_t i = 0; i < decision->area_count; i++) {
		const struct decision_area *area = &decision->areas[i];

		json_out_open(output, NULL, '{');
		json_out_string(output, "provider", area->provider->name);
		json_out_string(output, "role", area->role);
		json_out_source(output, &area->source);
		json_out_close(output, '}');
	}
	json_out_close(output, ']');
}

static void add_confinement(struct output *output, const struct decision *decision)
{
	if (decision->confinement == NULL)
		return;
	restrictions_json(output, &decision->confinement->restriction);
	if (decision->area_count > 0)
		add_areas(output, decision);
}

char *answer_confinement_text(struct arena *arena, const struct decision *decision, size_t indent)
{
	struct output output = {.arena = arena};

	if (decision->confinement != NULL)
		restrictions_text(&output, &decision->confinement->restriction, indent);
	return output_end(&output);
}

static void add_result(struct output *output, const struct answer_result *result)
{
	json_out_open(output, "result", '{');
	json_out_string(output, "outcome", result->outcome);
	json_out_open(output, "messages", '[');
	for (size_t i = 0; i < result->count; i++) {
		json_out_open(output, NULL, '{');
		json_out_string(output, "type", result->messages[i].type);
		json_out_string(output, "input", result->messages[i].input);
		json_out_string(output, "text", result->messages[i].text);
		json_out_close(output, '}');
	}
	json_out_close(output, ']');
	if (result->truncated)
		json_out_bool(output, "truncated", true);
	json_out_close(output, '}');
}

static void add_outcome(struct output *output, const struct answer_facts *facts)
{
	if (facts->status >= 0)
		json_out_number(output, "status", facts->status);
	if (facts->signal > 0)
		json_out_number(output, "signal", facts->signal);
	if (facts->timed_out)
		json_out_bool(output, "timed_out", true);
	if (facts->result != NULL)
		add_result(output, facts->result);
}

char *answer_decision_json(struct arena *arena, const struct decision *decision,
	const struct answer_facts *facts, bool for_operator)
{
	static const struct answer_facts none = {.status = -1};
	bool allowed = decision->verdict == VERDICT_ALLOW;
	struct output output = {.arena = arena};

	if (facts == NULL)
		facts = &none;
	json_out_open(&output, NULL, '{');
	json_out_string(&output, "request", facts->request);
	if (facts->approval > 0)
		json_out_number(&output, "approval", (int64_t)facts->approval);
	json_out_string(&output, "act_as", facts->act_as);
	json_out_string(&output, "decision", allowed ? "allow" : "deny");
	json_out_string(&output, "reason", reason_code(decision->reason));
	json_out_string(&output, "message", decision->detail);
	if (!allowed)
		json_out_string(&output, "contact", facts->contact);
	if (decision->command != NULL)
		json_out_string(&output, "command", decision->command->name);
	if (decision->command != NULL && decision->command->function != NULL)
		json_out_string(&output, "kind", command_kind(decision->command));
	if (allowed) {
		add_allowed(&output, decision, facts->run_as);
		add_function(&output, decision, for_operator);
	}
	add_trust(&output, decision, for_operator);
	json_out_strings(&output, "roles", &decision->roles);
	if (allowed || !for_operator)
		add_sources(&output, decision);
	if (allowed && !for_operator)
		add_confinement(&output, decision);
	if (!allowed && decision->word != SIZE_MAX)
		json_out_number(&output, "word", (int64_t)decision->word);
	if (!allowed && decision->parameter != NULL)
		json_out_string(&output, "parameter", decision->parameter->name);
	if (allowed)
		add_outcome(&output, facts);
	json_out_close(&output, '}');
	return output_end(&output);
}
