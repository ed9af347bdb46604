using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Releases.Testing;

namespace Releases.Aws.Tests.Matrix;

/// <summary>A registry that has every image that it is asked for.</summary>
internal sealed class SimulatedRegistry : LoopbackServer
{
    /// <summary>The digest of each tag of a repository.</summary>
    public ConcurrentDictionary<string, Dictionary<string, string>> Tags { get; } = new();

    protected override Task Respond(HttpContext context)
    {
        var path = context.Request.Path.Value!.Split('/');
        var tags = Tags.GetValueOrDefault($"{path[2]}/{path[3]}", []);
        context.Response.Headers["Docker-Content-Digest"] = tags.GetValueOrDefault(path[^1], path[^1]);
        if (context.Request.Method == HttpMethods.Delete) context.Response.StatusCode = StatusCodes.Status202Accepted;
        if (context.Request.Method != HttpMethods.Get) return Task.CompletedTask;
        var listed = new JsonObject { ["tags"] = JsonReading.List(tags.Keys.Select(t => JsonValue.Create(t))) };
        return context.Response.WriteAsync(path[^1] == "list" ? listed.ToJsonString() : """{ "layers": [{ "size": 7 }] }""");
    }
}
