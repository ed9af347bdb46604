namespace Releases.Local;

/// <summary>
/// The variables that a daemon keeps of the shell that starts it. The daemon outlives that shell, so that it mustn't hold its secrets, nor
/// the variables by which a CI runner finds and ends the processes of a job: <c>RUNNER_TRACKING_ID</c> (GitHub),
/// <c>VSTS_PROCESS_LOOKUP_ID</c> (Azure Pipelines), <c>JENKINS_NODE_COOKIE</c> and <c>BUILD_ID</c> (Jenkins).
/// </summary>
internal static class DaemonVariables
{
    private static readonly string[] Names =
        [.. ProcessStart.Inherited, "LOGNAME", "SHELL", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"];

    private static readonly string[] Prefixes = ["CONVOX_", "DOTNET_", "COMPLUS_", "OTEL_", "LC_", "LD_", "SSL_CERT_", "XDG_"];

    /// <summary>Removes all others.</summary>
    public static void Keep(IDictionary<string, string?> environment)
    {
        foreach (var name in environment.Keys.Where(n => !IsKept(n)).ToList()) environment.Remove(name);
    }

    private static bool IsKept(string name) =>
        // A rack that a service starts isn't one of the service's processes, and outlives it.
        name != ProcessStart.NameVariable
            && (Names.Contains(name, StringComparer.OrdinalIgnoreCase)
                || Prefixes.Any(p => name.StartsWith(p, StringComparison.OrdinalIgnoreCase)));
}
