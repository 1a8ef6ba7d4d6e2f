/* new-role --from-log. */
#include "admin/admin.h"
#include "admin/new_role.h"
#include "base/message.h"

int new_role_from_log(
	struct arena *arena, const struct options *options, const struct new_role_words *words)
{
	(void)arena;
	(void)options;
	(void)words;
	message_error("new-role: not there yet");
	return ADMIN_WRONG;
}
