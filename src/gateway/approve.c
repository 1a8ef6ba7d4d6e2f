#include "gateway/function.h"

int request_check_approval(struct request *request)
{
	return request->decision.verdict == VERDICT_ALLOW ? 0 : -1;
}
