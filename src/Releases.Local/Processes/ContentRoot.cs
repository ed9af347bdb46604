namespace Releases.Local;

/// <summary>
/// Provides the content root of a service's processes: one path per service. ASP.NET Core uses the path as the name under which it protects
/// cookies and forms, so a release's own folder would sign everyone out at each promotion. The path is a link to a file descriptor, so each
/// process finds the files of its own release there, whatever is promoted meanwhile.
/// </summary>
internal static class ContentRoot
{
    /// <summary>The variable with ASP.NET Core's setting.</summary>
    public const string Variable = "ASPNETCORE_CONTENTROOT";

    /// <summary>The variable with every .NET host's setting. If the app's environment has either of them, it isn't changed.</summary>
    private const string OfAnyHost = "DOTNET_CONTENTROOT";

    /// <summary>The file descriptor, which shell scripts don't use themselves.</summary>
    private const int Descriptor = 99;

    private const string Target = "/proc/self/fd/99";

    /// <summary>Adds the variable to the environment of a process, unless the app sets its own content root.</summary>
    public static void AddTo(IDictionary<string, string> environment, LocalHome home, ServiceKey service)
    {
        if (!OperatingSystem.IsLinux() || environment.ContainsKey(Variable) || environment.ContainsKey(OfAnyHost)) return;
        environment[Variable] = Link(home, service);
    }

    /// <summary>Opens the folder that the link leads to. Called in the process itself, before it becomes the program.</summary>
    public static bool Open(string folder)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } path || new FileInfo(path).LinkTarget != Target)
            return true;
        // The program and its children inherit it.
        return NativeProcess.Redirect(folder, NativeProcess.ReadOnly, Descriptor);
    }

    private static string Link(LocalHome home, ServiceKey service)
    {
        var link = Path.Combine(home.ContentRoots, service.App.ToString(), service.Service.ToString());
        HomeFolder.CreatePrivate(Path.GetDirectoryName(link)!);
        try
        {
            File.CreateSymbolicLink(link, Target);
        }
        catch (IOException) when (new FileInfo(link).LinkTarget == Target)
        {
            // It already exists; it is the same for all processes of the service.
        }

        return link;
    }
}
