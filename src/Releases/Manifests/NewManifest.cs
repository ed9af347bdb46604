namespace Releases;

/// <summary>Writes a <c>convox.yml</c> for an app that has none yet.</summary>
public static class NewManifest
{
    private const string Head = "# What dotnet convox deploys: one service for each program.\n";

    /// <summary>Writes a service for each program, with a port if it is a web program.</summary>
    public static string Write(IEnumerable<ProposedService> services) => Head + GeneratedManifest.Write(services);
}

/// <summary>Represents a service that a program can become.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Build">The project's folder or file, relative to the app's folder, with <c>/</c> as the separator.</param>
/// <param name="Project">The project.</param>
public sealed record ProposedService(ServiceName Name, string Build, AppProject Project);
