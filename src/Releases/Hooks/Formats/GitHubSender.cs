using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Releases;

/// <summary>
/// Creates a GitHub deployment for each promotion, and sets its status. A deployment is found again by its task, which names the promotion;
/// so nothing is stored here, and a repeated delivery doesn't create a second one.
/// </summary>
internal sealed class GitHubSender(HookHttp http) : IHookSender
{
    private const int MaxDescription = 140;
    private const int Unprocessable = 422;

    public async Task<HookReply> Send(HookMessage message, CancellationToken cancel)
    {
        if (message.Event is null) return (await Ask(message, HttpMethod.Get, "/deployments?per_page=1", null, cancel)).ToReply();
        if (StateOf(message) is not { } state) return HookReply.Skipped("GitHub has no use for it");
        if (message is not { Release.Commit: { } commit, Event.Promotion: { } promotion })
            return HookReply.Skipped("the release has no commit, or its record is gone");

        var found = await Ask(message, HttpMethod.Get, $"/deployments?task={TaskOf(promotion)}&sha={commit}", null, cancel);
        if (!found.IsSuccess) return found.ToReply();
        if (FirstId(found.Body) is not { } id)
        {
            var deployment = new GitHubDeployment(
                commit, TaskOf(promotion), AutoMerge: false, [], $"{message.Origin.Rack}/{message.Hook.App}",
                Short(HookText.Sentence(message)));
            var made = await Ask(message, HttpMethod.Post, "/deployments",
                JsonSerializer.SerializeToUtf8Bytes(deployment, HookJson.Readable.GitHubDeployment), cancel);
            if (made.Status == Unprocessable)
                return MessageOf(made.Body) is { } refusal && !refusal.StartsWith("No ref found", StringComparison.Ordinal)
                    ? HookReply.Failed($"it answered {made.Status}: {Short(refusal).TrimEnd('.')}", made.Status)
                    : new(HookOutcome.Skipped, made.Status, $"the repository doesn't have the commit {commit[..10]}");
            if (!made.IsSuccess || FirstId(made.Body) is not { } created)
                return made.IsSuccess ? HookReply.Failed("its answer has no id", made.Status) : made.ToReply();
            id = created;
        }

        var status = new GitHubStatus(state, Short(HookText.Sentence(message)));
        return (await Ask(
            message, HttpMethod.Post, $"/deployments/{id}/statuses",
            JsonSerializer.SerializeToUtf8Bytes(status, HookJson.Readable.GitHubStatus), cancel)).ToReply();
    }

    private async Task<HookAnswer> Ask(HookMessage message, HttpMethod method, string path, byte[]? body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, message.Secrets.Address + path);
        request.Headers.Accept.Add(new("application/vnd.github+json"));
        request.Headers.Add("X-GitHub-Api-Version", "2022-11-28");
        request.Headers.Authorization = new("Bearer", message.Secrets.Token);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        }

        return await http.Send(request, message.Hook.AllowsPrivate, readsBody: true, cancel);
    }

    private static string TaskOf(PromotionId promotion) => $"deploy:{promotion}";

    private static string? StateOf(HookMessage message) => (message.Event!.Kind, message.Outcome?.Status) switch
    {
        (EventKind.PromotionStarted, _) => "in_progress",
        (_, PromotionStatus.Succeeded) => "success",
        (_, PromotionStatus.Stuck) => "error",
        (_, PromotionStatus.Failed or PromotionStatus.Cancelled) => "failure",
        _ => null,
    };

    private static string Short(string text) => text.Length > MaxDescription ? text[..(MaxDescription - 1)] + "…" : text;

    /// <summary>Returns the id of a deployment, or of the first one in a list; null if there is none.</summary>
    private static long? FirstId(byte[] body) =>
        Member(body, "id") is { ValueKind: JsonValueKind.Number } id && id.TryGetInt64(out var number) ? number : null;

    /// <summary>Returns why GitHub refuses a request, or null if it doesn't say.</summary>
    private static string? MessageOf(byte[] body) =>
        Member(body, "message") is { ValueKind: JsonValueKind.String } message ? message.GetString() : null;

    /// <summary>Returns a member of an answer, or of the first element of a list; null if there is none.</summary>
    private static JsonElement? Member(byte[] body, string name)
    {
        try
        {
            var answer = JsonElement.Parse(body);
            var one = answer.ValueKind == JsonValueKind.Array ? answer.EnumerateArray().FirstOrDefault() : answer;
            return one.ValueKind == JsonValueKind.Object && one.TryGetProperty(name, out var member) ? member : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>
/// Represents the request to create a deployment: of the commit as it is, without merging and without waiting for checks.
/// </summary>
internal sealed record GitHubDeployment(
    string Ref, string Task, [property: JsonPropertyName("auto_merge")] bool AutoMerge,
    [property: JsonPropertyName("required_contexts")] IReadOnlyList<string> RequiredContexts, string Environment, string Description);

/// <summary>Represents the status of a deployment.</summary>
internal sealed record GitHubStatus(string State, string Description);
