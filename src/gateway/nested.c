#include "gateway/function.h"

int request_nested(struct request *outer, const struct command *command,
	const struct strings *words, struct nested *nested)
{
	(void)outer;
	(void)command;
	(void)words;
	*nested = (struct nested){.status = -1, .complaint = "nested runs are not supported yet"};
	return -1;
}
