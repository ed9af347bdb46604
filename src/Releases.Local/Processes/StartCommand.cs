namespace Releases.Local;

/// <summary>Provides the command that starts a service: the manifest's command, or else the artifact's entry point.</summary>
internal static class StartCommand
{
    public static IReadOnlyList<string> For(ServiceSpec spec, string folder)
    {
        if (spec.Service.Command is { } command) return For(command);
        var entry = spec.Content.Artifact?.EntryPoint
            ?? throw new InvalidOperationException($"The artifact of {spec.Service.Name} has no entry point.");
        var path = Path.Combine(folder, entry);
        return entry.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? ["dotnet", path] : [path];
    }

    public static IReadOnlyList<string> For(ProcessCommand command) =>
        command.Shell is { } text ? ["/bin/sh", "-c", text] : command.Arguments;
}
