/* import sudoers. */
#include "admin/admin.h"
#include "admin/import.h"
#include "base/message.h"

int import_sudoers(
	struct arena *arena, const struct options *options, const struct import_words *words)
{
	(void)arena;
	(void)options;
	(void)words;
	message_error("import: not there yet");
	return ADMIN_WRONG;
}
