namespace Releases;

/// <summary>The text of a <c>convox.yml</c> for an app that has none yet.</summary>
public static class NewManifest
{
    private const string Head = "# What dotnet convox deploys: one service for each program.\n";

    /// <summary>A service for each program, with a port where it is a web program.</summary>
    public static string Write(IEnumerable<ProposedService> services) => Head + GeneratedManifest.Write(services);
}

/// <summary>A service that a program may become.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Build">The project's folder or file, relative to the app's folder, with <c>/</c>.</param>
/// <param name="Project">The project.</param>
public sealed record ProposedService(ServiceName Name, string Build, AppProject Project);
