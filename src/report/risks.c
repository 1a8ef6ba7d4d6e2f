/* What a reviewer looks at first. */
#include <string.h>

#include "report/report.h"

static void add(struct arena *arena, struct strings *risks, bool holds, const char *text)
{
	if (holds)
		strings_add(arena, risks, text);
}

static bool is_wild(const struct command *command)
{
	for (size_t i = 0; command->grants != NULL && i < command->grants->count; i++)
		if (command->grants->items[i]->wildcard != NULL)
			return true;
	return false;
}

/* Where nothing is said of capabilities root keeps them, and no other account has any. */
static void add_restriction(struct arena *arena, const struct restriction *restriction, bool root,
	struct strings *risks)
{
	add(arena, risks,
		!restriction->has[RESTRICT_EXECUTE] || restriction->execute == EXECUTE_ANY,
		"may start any program");
	add(arena, risks,
		restriction->has[RESTRICT_CAPABILITIES] ? restriction->capabilities != 0 : root,
		"keeps capabilities");
	add(arena, risks,
		!restriction->has[RESTRICT_NETWORK] || restriction->network == NETWORK_ANY,
		"may use the network");
}

struct strings report_risks(struct arena *arena, const struct policy *policy,
	const struct endpoint *endpoint, const struct command *command)
{
	const char *account = command->run_as != NULL ? command->run_as : endpoint->run_as;
	bool root = account != NULL && strcmp(account, "root") == 0;
	const struct confinement *confinement = policy_confinement(policy, endpoint, command);
	struct strings risks = {0};

	add(arena, &risks, root, "runs as root");
	add(arena, &risks, command->external, "takes any arguments");
	add(arena, &risks, is_wild(command), "granted by a name with *");
	if (confinement != NULL)
		add_restriction(arena, &confinement->restriction, root, &risks);
	return risks;
}
