package subject

import "testing"

func TestIsKey(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]bool{
		"": false, "Invalid API key": true, "api_key expired": true, "APIKEY?": true, "Unauthorized": true, "bad bearer token": true,
		"more than 2000 tokens": false, "monkey": false, "a keyword is missing": false, "hockey-stick": false,
		"Invalid credentials": true, "API密钥无效": true, "任务失败": false,
	} {
		if got := IsKey(9999, message); got != want {
			t.Errorf("%q: %t", message, got)
		}
		if IsKey(0, message) {
			t.Errorf("%q without a code is about the key", message)
		}
	}
	for code, want := range map[int]bool{401: true, 403: true, 404: false, 1000: false, 0: false} {
		if got := IsKey(code, "no"); got != want {
			t.Errorf("code %d: %t", code, got)
		}
	}
}

func TestOfQuery(t *testing.T) {
	t.Parallel()
	names := map[Subject]string{Other: "other", Key: "key", Task: "task"}
	for _, tt := range []struct {
		status, code int
		message      string
		want         Subject
	}{
		{404, 9999, "task not found", Task},
		{404, 9999, "", Task},
		{404, 404, "no", Task},
		{404, 9999, "The task does not exist or does not belong to this API key", Task},
		{404, 9999, "API key is unknown", Key},
		{404, 9999, "authentication failed", Key},
		{404, 0, "", Other},
		{404, 0, "task not found", Other},
		{200, 9999, "task not found", Task},
		{200, 9999, "Query failed, error info: record not found", Task},
		{200, 9999, "invalid task_id", Task},
		{200, 9999, "taskId does not exist", Task},
		{200, 9999, "任务不存在", Task},
		{400, 9999, "no such task", Task},
		{200, 404, "no such task", Task},
		{404, 9999, "access key id not found", Key},
		{404, 9999, "ApiKey不存在", Key},
		{404, 9999, "用户不存在", Other},
		{404, 9999, "route not found", Other},
		{200, 9999, "ApiKey不存在", Key},
		{200, 9999, "API Key不存在", Key},
		{200, 9999, "Token不存在", Key},
		{200, 9999, "AccessKey未找到", Key},
		{200, 9999, "accesskey not found", Key},
		{200, 9999, "access key ids not found", Key},
		{200, 9999, "密钥不存在", Key},
		{200, 9999, "用户不存在", Other},
		{200, 9999, "账号不存在", Other},
		{200, 9999, "应用不存在", Other},
		{200, 9999, "没有任务权限", Other},
		{200, 9999, "不存在", Other},
		{200, 9999, "not found", Other},
		{200, 9999, "secret not found", Other},
		{200, 9999, "tokens not found", Other},
		{200, 9999, "keys not found", Other},
		{200, 9999, "appid not found", Other},
		{200, 9999, "client id does not exist", Other},
		{200, 9999, "tenant not found", Other},
		{200, 9999, "the session of this task does not exist", Other},
		{200, 9999, "image service suspended", Other},
		{200, 9999, "任务ID不存在", Task},
		{200, 9999, "task的id不存在", Task},
		{200, 9999, "", Other},
		{200, 9999, "failed", Other},
		{200, 9999, "User does not exist", Other},
		{200, 9999, "no permission for this task", Other},
		{200, 9999, "The task does not exist or does not belong to this API key", Other},
		{200, 9999, "missing key taskid", Other},
		{200, 9999, "Invalid API key", Key},
		{200, 9999, "token expired", Key},
		{200, 9999, "API Key 无效", Key},
		{200, 9999, "密钥无效", Key},
		{200, 9999, "Unauthorized: cannot query the task", Key},
		{400, 1234, "bad key", Key},
		{200, 401, "", Key},
		{200, 403, "task not found", Key},
		{500, 401, "", Key},
		{401, 9999, "task not found", Key},
		{403, 1234, "", Key},
		{403, 0, "", Other},
		{500, 9999, "the key store is down", Other},
		{503, 9999, "task not found", Other},
		{200, 9999, "rate limit of this API key exceeded", Other},
		{200, 9999, "too many tasks", Other},
		{429, 9999, "too many requests for this token", Other},
		{429, 401, "", Other},
		{302, 9999, "task not found", Other},
		{200, 9000, "not enough credits for the task", Other},
		{200, 5000, "task not found", Other},
	} {
		if got := OfQuery(tt.status, tt.code, tt.message); got != tt.want {
			t.Errorf("HTTP %d, code %d %q: about %s, want %s", tt.status, tt.code, tt.message, names[got], names[tt.want])
		}
	}
}
