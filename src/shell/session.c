/* One connection to the gateway is one session: identity and roles are fixed when it opens. */
#include <stdlib.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/message.h"
#include "client/client.h"
#include "protocol/protocol.h"
#include "shell/shell.h"

int shell_connect(struct shell *shell)
{
	if (shell->socket < 0)
		shell->socket = client_connect(shell->endpoint);
	return shell->socket < 0 ? -1 : 0;
}

void shell_end_session(struct shell *shell)
{
	fd_close(&shell->socket);
	arena_free(shell->arena);
	shell->arena = NULL;
	shell->catalogue = NULL;
}

int shell_begin_session(struct shell *shell)
{
	const struct client_options options = {.act_as = shell->act_as, .json = true};
	char *json;
	int status;

	if (shell_connect(shell) < 0)
		return EXIT_GATEWAY;
	json = client_ask(shell->socket, PACKET_LIST, &options, NULL, 0, &status);
	if (json != NULL && status == 0) {
		shell->arena = arena_new();
		shell->catalogue = catalogue_read(shell->arena, json);
		if (shell->catalogue == NULL) {
			message_error("the gateway's list of commands is not one");
			status = EXIT_GATEWAY;
		}
	}
	free(json);
	if (status != 0)
		shell_end_session(shell);
	return status;
}

bool shell_hear(struct shell *shell)
{
	struct arena *arena = arena_new();
	bool renew;
	const char *notice = client_hear(arena, shell->socket, &renew);

	if (notice != NULL) {
		message_info("%s", notice);
	} else {
		shell_end_session(shell);
		renew = renew && shell_begin_session(shell) == 0;
	}
	arena_free(arena);
	return notice != NULL || renew;
}
