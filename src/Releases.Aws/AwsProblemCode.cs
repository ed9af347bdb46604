namespace Releases.Aws;

/// <summary>Defines the stable codes of failures that only racks on AWS have; docs/errors.md lists them with all others.</summary>
internal static class AwsProblemCode
{
    /// <summary>AWS denies access to the caller, or there are no credentials.</summary>
    public const string Access = "CONVOX0036";

    /// <summary>An ECS service or its task definition doesn't accept a release as it is.</summary>
    public const string Refused = "CONVOX0038";
}
