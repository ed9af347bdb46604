using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Releases.Testing.Browser;

/// <summary>What a browser complains of: errors in the pages' scripts, what their security policy forbids, what could not be loaded, and
/// requests to another host.</summary>
public sealed class Complaints
{
    private readonly ConcurrentQueue<string> _all = new();

    public ConcurrentQueue<string> All => _all;

    /// <summary>Whether requests may fail, as the test cuts the connection or asks for what doesn't exist.</summary>
    public bool RequestsMayFail { get; set; }

    /// <summary>Whether a script of the page may fail, as the test has it fail.</summary>
    public bool ScriptsMayFail { get; set; }

    public void Of(IBrowserContext person, int port)
    {
        person.Request += (_, request) =>
        {
            if (new Uri(request.Url) is not { IsLoopback: true } url || url.Port != port) _all.Enqueue($"asked {request.Url}");
        };
        person.RequestFailed += (_, request) =>
        {
            // A stream ends with its page, and a page that is left does not wait for what it asked.
            if (!RequestsMayFail && request.Failure != "net::ERR_ABORTED") _all.Enqueue($"{request.Url}: {request.Failure}");
        };
        // What the policy forbids is an error there too.
        person.Console += (_, said) =>
        {
            if (said.Type is "error" or "warning"
                && !(RequestsMayFail && said.Text.StartsWith("Failed to load resource:", StringComparison.Ordinal)))
                _all.Enqueue($"{said.Type}: {said.Text} ({said.Location})");
        };
        person.WebError += (_, error) =>
        {
            if (!ScriptsMayFail) _all.Enqueue(error.Error);
        };
    }
}
