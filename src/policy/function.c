#include "policy/function.h"

#include <string.h>

#include "policy/policy.h"
#include "policy/shebang.h"

const char script_is_program[] =
	"it is a program (ELF); expected a script, and a program among the commands";

const char *function_script_refused(
	struct arena *arena, const struct script_content *content, const char *interpreter)
{
	struct interpreter_line line;
	size_t length = content->length;

	if (length == 0)
		return "it is empty";
	if (strncmp(content->bytes, "\177ELF", 4) == 0)
		return script_is_program;
	if (interpreter != NULL)
		return NULL;
	if (strncmp(content->bytes, "#!", 2) != 0)
		return "it has no interpreter line (#!); expected one, or \"interpreter\" in the "
		       "definition";
	if (length > INTERPRETER_LINE_MAX + 1)
		length = INTERPRETER_LINE_MAX + 1;
	return interpreter_parse(arena, content->bytes, length, &line);
}

const char *function_variable(struct arena *arena, const char *input)
{
	char *name = arena_printf(arena, "rolegate_input_%s", input);

	for (char *letter = name; *letter != '\0'; letter++)
		if (*letter == '-' || *letter == '.')
			*letter = '_';
	return name;
}
