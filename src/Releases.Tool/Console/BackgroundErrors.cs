using System.Collections.Concurrent;

namespace Releases.Tool;

/// <summary>
/// Reports failures that no page can show any longer on the terminal, each message once, because browsers repeat their requests.
/// </summary>
internal sealed class BackgroundErrors(ErrorReport report)
{
    private readonly ConcurrentDictionary<string, bool> _said = new(StringComparer.Ordinal);

    public void Report(Exception failure)
    {
        if (_said.TryAdd(failure.Message, true)) report.Write(failure);
    }
}
