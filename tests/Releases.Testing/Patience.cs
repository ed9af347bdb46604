namespace Releases.Testing;

/// <summary>How long a test waits for what has to happen. Nothing takes so long, however busy the machine is, so only what is broken meets
/// it.</summary>
public static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
}
