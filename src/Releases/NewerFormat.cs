namespace Releases;

/// <summary>
/// Creates the problem for data that a newer version wrote. The tool, the daemon and the task package in one rack can have different
/// versions, and each is updated differently: the problem has the tool's remedy, and the others substitute their own.
/// </summary>
public static class NewerFormat
{
    private const string UpdateTool = "Update this tool: dotnet tool update dotnet-convox";

    /// <summary>Creates the problem, with the tool's remedy.</summary>
    public static Problem Refusal(string what) => new(ProblemCode.NewerFormat, what, UpdateTool);

    /// <summary>Returns the problem with another remedy; any other problem is returned unchanged.</summary>
    public static Problem WithUpdate(this Problem problem, Remedy remedy) =>
        problem.Code == ProblemCode.NewerFormat ? problem with { Remedy = remedy } : problem;
}
