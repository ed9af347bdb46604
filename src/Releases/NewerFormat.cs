namespace Releases;

/// <summary>
/// The refusal of what a newer version wrote. Tool, daemon and task package of different versions meet in one rack, and each is
/// updated in its own way: the problem comes with the tool's, and the others put theirs in its place.
/// </summary>
public static class NewerFormat
{
    /// <summary>How a daemon is updated: it runs from the version that it was started with until somebody replaces it.</summary>
    public static Remedy UpdateDaemon { get; } =
        Remedy.FromString("Update the tool: dotnet tool update dotnet-convox")
            .Or(Remedy.Do(Operation.RestartRack, "Then replace the daemon"));

    /// <summary>How the task package is updated.</summary>
    public static Remedy UpdateTasks { get; } = Remedy.FromString("Update the package: dotnet package update Releases.Tasks");

    private const string UpdateTool = "Update this tool: dotnet tool update dotnet-convox";

    /// <summary>The refusal in the tool's words.</summary>
    public static Problem Refusal(string what) => new(ProblemCode.NewerFormat, what, UpdateTool);

    /// <summary>The same with another remedy; any other problem as it is.</summary>
    public static Problem WithUpdate(this Problem problem, Remedy remedy) =>
        problem.Code == ProblemCode.NewerFormat ? problem with { Remedy = remedy } : problem;
}
